"""Searching a site for issues of ours, and sorting what was found."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.jira.client import JiraClient
from app.jira.types import Issue
from app.services.outbound import probe
from app.services.outbound.claims import Stamp
from app.services.outbound.plan import item_of, link_of
from app.services.restoring.adoptions_due import Search


@dataclass(frozen=True)
class FoundIssue:
    """An issue, and the public ids of the action item and link that it says it belongs to."""

    id: str
    key: str
    item: str
    link: str


@dataclass(frozen=True)
class KnownLink:
    """A link of the database. `item`: the public id of its action item."""

    id: int
    public_id: str
    item: str
    issue_id: str | None
    active: bool


@dataclass(frozen=True)
class Sorted:
    """What becomes of found issues.

    ties: by link id the issue of a link that has none. opens: issues whose link was forgotten; of
    an action item the last is the active one. left_alone: what is only named.
    """

    ties: Mapping[int, FoundIssue] = field(default_factory=dict)
    opens: Sequence[FoundIssue] = ()
    left_alone: Sequence[FoundIssue] = ()

    @property
    def adopted(self) -> int:
        return len(self.ties) + len(self.opens)


def find(
    client: JiraClient, search: Search, visible: Sequence[str], now: datetime
) -> list[FoundIssue]:
    """What says that it is ours, in the order in which it was created. Raises any JiraError.

    Two searches. By account, wherever the issues are by now; and by project, because who connected
    after the backup was made is not known any more. `visible`: the ids of projects to search; Jira
    refuses a query that names another. No transaction may be open.
    """
    stamps = [Stamp(search.since, "", account, "", 0) for account in search.accounts]
    queries = [probe.jql(stamps, now)]
    if visible:
        queries.append(probe.jql_of_projects(visible, search.since, now))
    found = {issue.id: issue for query in queries for issue in probe.read_all(client, query)}
    ours = (_found(issue) for issue in found.values())
    return sorted(filter(None, ours), key=lambda issue: (len(issue.id), issue.id))


def sort(
    found: Iterable[FoundIssue],
    links: Sequence[KnownLink],
    items: Collection[str],
    elsewhere: Collection[str],
) -> Sorted:
    """Pure. links: of these action items, and those that have one of these issues.

    items: public ids of the organization's action items. elsewhere: of other organizations', whose
    own search it is. What a link has stays: an issue that names it, too, is perhaps a clone.
    """
    taken = {link.issue_id for link in links}
    by_public_id = {link.public_id: link for link in links}
    ties: dict[int, FoundIssue] = {}
    opens: dict[str, FoundIssue] = {}
    left: list[FoundIssue] = []
    for issue in found:
        link = by_public_id.get(issue.link)
        if issue.id in taken or issue.item in elsewhere:
            continue
        if issue.item not in items or (link is not None and link.item != issue.item):
            left.append(issue)
        elif link is None and issue.link not in opens:
            opens[issue.link] = issue
        elif link is not None and link.issue_id is None and link.id not in ties:
            ties[link.id] = issue
        else:
            left.append(issue)
    return Sorted(ties, list(opens.values()), left)


def _found(issue: Issue) -> FoundIssue | None:
    item, link = item_of(issue.properties), link_of(issue.properties)
    return FoundIssue(issue.id, issue.key, item, link) if item and link else None
