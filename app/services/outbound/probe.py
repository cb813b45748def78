"""Looking for the issues of creates whose outcome is unknown (design.md §3.4)."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from app.jira.client import JiraClient
from app.jira.errors import JiraRefused
from app.jira.types import CreatedIssue, Issue
from app.services.outbound.claims import Claim, Stamp
from app.services.outbound.plan import PROPERTY, link_of

BEFORE_STAMP = timedelta(minutes=5)
BROWSE = "BROWSE_PROJECTS"
# Jira's usual page; it may give fewer than asked for when it reads properties.
SURELY_ONE_PAGE = 50
IDS_PER_PAGE = 5_000


@dataclass(frozen=True)
class ProbeResult:
    """found: issues by link public id. visible: stamped project ids that may be browsed."""

    found: Mapping[str, list[CreatedIssue]]
    visible: frozenset[str]


def probe(client: JiraClient, claims: Sequence[Claim], now: datetime) -> ProbeResult:
    """Look for all stamped links of a drain with one search. Raises any JiraError.

    That nothing was found counts only where the stamped project may be browsed; that is asked
    only for links that were not found.
    """
    stamps = [claim.stamp for claim in claims if claim.stamp]
    wanted = {claim.link_public_id for claim in claims if claim.stamp}
    found = look_for(client, wanted, jql(stamps, now))
    missing = {
        claim.stamp.project_id
        for claim in claims
        if claim.stamp and claim.link_public_id not in found
    }
    visible = frozenset(project for project in missing if browsable(client, project))
    return ProbeResult(found, visible)


def look_for(client: JiraClient, wanted: Set[str], query: str) -> dict[str, list[CreatedIssue]]:
    """The issues that `query` finds by the link that they say they belong to. Raises any JiraError.

    An issue that vanishes from the index between two pages takes its neighbour's place with it.
    So a long search that lacks one of the `wanted` links is read again as bare ids, of which a
    page holds 5,000, and what it had not shown is read by id (jira-platform.md §2.6, §2.7).
    """
    issues = client.search(query, properties=[PROPERTY])
    if not wanted <= by_link(issues).keys():
        issues = _with_vanished(client, query, issues)
    return by_link(issues)


def read_all(client: JiraClient, query: str) -> list[Issue]:
    """Every issue that `query` finds, with our property, of whatever link. Raises any JiraError."""
    return _with_vanished(client, query, client.search(query, properties=[PROPERTY]))


def _with_vanished(client: JiraClient, query: str, issues: list[Issue]) -> list[Issue]:
    if len(issues) < SURELY_ONE_PAGE:
        return issues
    seen = {issue.id for issue in issues}
    bare = client.search(query, page_size=IDS_PER_PAGE)
    unseen = [issue.id for issue in bare if issue.id not in seen]
    return [*issues, *client.bulk_fetch(unseen, properties=[PROPERTY])]


def jql(stamps: Sequence[Stamp], now: datetime) -> str:
    """A search for what the stamped accounts have created since.

    Relative time, because absolute JQL times are in the account's zone; the stamped accounts,
    because `currentUser()` changes with a reconnect; no project, because issues move.
    """
    accounts = ", ".join(f'"{account}"' for account in sorted({each.account_id for each in stamps}))
    return f"creator IN ({accounts}) AND {_created_since(min(each.at for each in stamps), now)}"


def jql_of_projects(project_ids: Sequence[str], since: datetime, now: datetime) -> str:
    """A search for what these projects have got since, whoever created it."""
    return f"project IN ({', '.join(project_ids)}) AND {_created_since(since, now)}"


def _created_since(moment: datetime, now: datetime) -> str:
    minutes = ceil((now - moment + BEFORE_STAMP).total_seconds() / 60)
    return f"created >= -{max(minutes, 1)}m ORDER BY created DESC"


def by_link(issues: Sequence[Issue]) -> dict[str, list[CreatedIssue]]:
    """The issues by the link that they say they belong to.

    Each once: it comes again on the next page when others were created meanwhile.
    """
    found: dict[str, dict[str, CreatedIssue]] = {}
    for issue in issues:
        if link := link_of(issue.properties):
            found.setdefault(link, {})[issue.id] = CreatedIssue(issue.id, issue.key)
    return {link: list(each.values()) for link, each in found.items()}


def browsable(client: JiraClient, project_id: str) -> bool:
    """Whether the account may browse the project. Raises any JiraError but a refusal."""
    try:
        return client.permissions([BROWSE], project_id=project_id).get(BROWSE, False)
    except JiraRefused:
        # A project that cannot be seen is refused instead of answered with "no"
        # (jira-platform.md §3).
        return False
