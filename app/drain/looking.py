"""Look before an update leaves: read the issues, and who wrote in them (design.md §11.1)."""

import hashlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.drain.current import Current
from app.drain.failures import fail_unsent
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import (
    JiraError,
    JiraRateLimited,
    JiraUnauthorized,
    JiraUnavailable,
)
from app.jira.types import Change, Issue
from app.services.fields.table import SYNCED_FIELDS
from app.services.fields.values import FieldValue
from app.services.grants import pauses
from app.services.outbound import assignee, fence, remembered
from app.services.outbound.claims import Claim
from app.services.outbound.compare import any_changed_here, wants_a_look
from app.services.outbound.plan import Plan
from app.services.outbound.seen_statuses import STATUS
from app.services.outbound.send import Sent, seen_after
from app.services.people.matches import Match

FIELDS = (*(each.id for each in SYNCED_FIELDS), *STATUS, "updated", "project", "issuetype")
EVERY_FIELD = frozenset(each.id for each in SYNCED_FIELDS)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Looks:
    """What was seen, by link id.

    issues: as just read. failed: not to be planned, because there is nothing to plan for or no
    right to it; that is recorded. unread: were to be read and were not, and trouble says why.
    """

    issues: Mapping[int, Issue] = field(default_factory=dict)
    failed: frozenset[int] = frozenset()
    unread: frozenset[int] = frozenset()
    trouble: JiraError | None = None


def look(
    current: Current,
    client: JiraClient,
    updates: Sequence[Claim],
    values: Mapping[int, Sequence[FieldValue]],
    matches: Mapping[int, Match],
) -> Looks:
    """Read the issues that something may be sent to: one request for a hundred.

    What Jira does not show is recorded as gone. Where it does not answer, planning goes on without.
    Raises JiraUnauthorized.
    """
    asked = [
        claim
        for claim in updates
        if wants_a_look(claim, values[claim.link_id]) or _is_late(claim, matches)
    ]
    if not asked:
        return Looks()
    try:
        found = client.bulk_fetch([claim.issue_id or "" for claim in asked], fields=FIELDS)
    except JiraUnauthorized:
        raise
    except JiraRateLimited as error:
        fail_unsent(current, client, asked, error)
        return Looks(failed=frozenset(claim.link_id for claim in asked))
    except JiraError as error:
        log.warning("issues not looked at", extra=current.ids(error=str(error)))
        return _without_late(current, client, asked, matches, error)
    issues = {issue.id: issue for issue in found}
    absent = [
        claim
        for claim in asked
        if claim.issue_id not in issues.keys() | found.unreadable
        and any_changed_here(claim, values[claim.link_id])
    ]
    gone = frozenset(claim.link_id for claim in absent if _is_gone(current, client, claim))
    return Looks(
        {claim.link_id: issues[claim.issue_id] for claim in asked if claim.issue_id in issues},
        gone,
        frozenset(claim.link_id for claim in asked if claim.issue_id not in issues) - gone,
        JiraUnavailable("bulk_fetch"),
    )


def _is_gone(current: Current, client: JiraClient, claim: Claim) -> bool:
    """A read of many leaves out without a word what it does not show; alone it is refused."""
    try:
        client.editable_fields(claim.issue_id or "")
    except JiraUnauthorized:
        raise
    except JiraError as error:
        fail_unsent(current, client, [claim], error)
        return True
    return False


def see_created(current: Current, client: JiraClient, created: Sequence[Sent]) -> None:
    """Read once what Jira made of new issues, so that a later look knows whose words are there.

    Nothing depends on it: what was not seen is compared with what was sent.
    """
    may_read = bool(created) and fence.may_read(current.lease)
    db.session.commit()
    if not may_read:
        return
    issue_ids = [sent.issue.id for sent in created if sent.issue]
    try:
        issues = {issue.id: issue for issue in client.bulk_fetch(issue_ids, fields=FIELDS)}
    except JiraError as error:
        pauses.pause_if_asked(current.lease.connection_id, error)
        db.session.commit()
        log.warning("new issues not looked at", extra=current.ids(error=str(error)))
        return
    found = {
        sent.plan.claim.link_id: remembered.SeenIssue(
            sent.plan.snapshot, seen_after(sent.plan, issue), issue
        )
        for sent in created
        if sent.issue and (issue := issues.get(sent.issue.id))
    }
    remembered.seen(current.lease, found)
    db.session.commit()


def with_authors(current: Current, client: JiraClient, plans: Sequence[Plan]) -> list[Plan]:
    """The plans, with who changed in Jira what now waits for a decision, as far as Jira tells."""
    new = [plan for plan in plans if _new_differences(plan)]
    if not new:
        return list(plans)
    issue_of = {plan.claim.link_id: plan.claim.issue_id or "" for plan in new}
    names = sorted({name for plan in new for name in _new_differences(plan)})
    try:
        changes = client.changes(issue_of.values(), names)
    except JiraUnauthorized:
        raise
    except JiraError as error:
        log.warning("changes not read", extra=current.ids(error=str(error)))
        return list(plans)
    theirs = [each for each in changes if each.account_id != current.lease.account_id]
    return [_named(plan, theirs) for plan in plans]


def name_of(field_ids: Iterable[str]) -> str:
    """Tells one screen from another."""
    return hashlib.sha256(" ".join(sorted(field_ids)).encode()).hexdigest()[:16]


def _is_late(claim: Claim, matches: Mapping[int, Match]) -> bool:
    match = matches.get(claim.link_id)
    return assignee.owes_match(claim, EVERY_FIELD, match)


def _without_late(
    current: Current,
    client: JiraClient,
    asked: Sequence[Claim],
    matches: Mapping[int, Match],
    error: JiraError,
) -> Looks:
    """Nobody is assigned late without a look at who is."""
    late = [claim for claim in asked if _is_late(claim, matches)]
    fail_unsent(current, client, late, error)
    failed = frozenset(claim.link_id for claim in late)
    unread = frozenset(claim.link_id for claim in asked) - failed
    return Looks(failed=failed, unread=unread, trouble=error)


def _new_differences(plan: Plan) -> set[str]:
    open_ = plan.findings.differences
    return {name for name, each in open_.items() if plan.claim.differences.get(name) != each}


def _named(plan: Plan, changes: Sequence[Change]) -> Plan:
    differences = dict(plan.findings.differences)
    for name in _new_differences(plan):
        concerned = [
            each
            for each in changes
            if each.issue_id == plan.claim.issue_id and name in each.field_ids
        ]
        if concerned:
            latest = concerned[-1]
            differences[name] = replace(differences[name], by=latest.name, at=latest.at)
    return replace(plan, findings=replace(plan.findings, differences=differences))
