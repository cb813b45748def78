"""A second look at creates that were once unknown: should Jira hold two issues, it is said.

Nothing is ever deleted in Jira; that is for a person to do (design.md §3.5).
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, select

from app.clock import utcnow
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.types import CreatedIssue
from app.models import (
    AuditEvent,
    FailureCode,
    IssueLink,
    LinkState,
    Outcome,
    SyncAttempt,
    SyncEntry,
)
from app.models.prepared import prepared
from app.services import back_offs
from app.services.outbound import entries, probe, recording, second_looks
from app.services.outbound import record as outbound_record
from app.services.outbound.claims import Stamp
from app.services.outbound.recording import Recording
from app.services.outbound.snapshots import SENT
from app.services.work import leases
from app.services.work.due_links import among_few
from app.services.work.leases import Lease

AT_ONCE = 50
DAILY = timedelta(days=1)
LONGEST = timedelta(days=30)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Doubt:
    """A link as it was before the look. `since`: when its first unknown create left, aware UTC."""

    link_id: int
    link_public_id: str
    issue_id: str | None
    project_id: str
    since: datetime


class DoubtResult(StrEnum):
    FINE = "fine"
    TWO = "two"
    LATE = "late"  # the issue that was given up is there after all
    UNSEEN = "unseen"


@dataclass(frozen=True)
class SeenIssues:
    """What a look showed: issues by link public id, and the project ids that may be browsed."""

    found: Mapping[str, Sequence[CreatedIssue]]
    visible: frozenset[str]


def due(lease: Lease) -> list[Doubt]:
    """The links of the connection whose second look is due, the oldest first."""
    rows = db.session.scalars(*_waiting(lease.connection_id, utcnow())).all()
    if not rows:
        return []
    since = _unknown_since([row.id for row in rows])
    return [
        Doubt(
            row.id,
            row.public_id,
            row.issue_id,
            row.stamped_project_id or "",
            since.get(row.id, row.created_at),
        )
        for row in rows
    ]


@prepared
def _waiting(connection_id: int, now: datetime) -> Select[IssueLink]:
    return (
        select(IssueLink)
        .join(IssueLink.connection)
        .where(among_few(connection_id), second_looks.waiting(now))
        .order_by(IssueLink.recheck_at, IssueLink.id)
        .limit(AT_ONCE)
    )


def accounts_of(lease: Lease) -> list[str]:
    """Every account that this site was connected with: any of them may have created the other."""
    connected = db.session.scalars(
        select(AuditEvent.details).where(
            AuditEvent.organization_id == lease.organization_id,
            AuditEvent.action.in_(["jira.connected", "jira.reconnected"]),
        )
    )
    stamped = db.session.scalars(
        select(IssueLink.stamped_account_id)
        .where(
            IssueLink.connection_id == lease.connection_id,
            IssueLink.stamped_cloud_id == lease.cloud_id,
            IssueLink.recheck_at.is_not(None),
        )
        .distinct()
    )
    former = [
        each.get("account_id") for each in connected if each.get("cloud_id") == lease.cloud_id
    ]
    return sorted({lease.account_id, *filter(None, [*former, *stamped])})


def look(
    client: JiraClient, doubted: Sequence[Doubt], accounts: Sequence[str], now: datetime
) -> SeenIssues:
    """Look for all of them with one search. No transaction may be open. Raises any JiraError.

    Where a link's own issue is not among what was found, its project is asked for as well.
    """
    since = min(each.since for each in doubted)
    stamps = [Stamp(since, "", account, "", 0) for account in accounts]
    wanted = {each.link_public_id for each in doubted}
    found = probe.look_for(client, wanted, probe.jql(stamps, now))
    missing = {each.project_id for each in doubted if each.link_public_id not in found}
    visible = frozenset(each for each in missing if probe.browsable(client, each))
    return SeenIssues(found, visible)


def judge(doubt: Doubt, seen: SeenIssues) -> DoubtResult:
    """What the look says of one link. Pure."""
    found = seen.found.get(doubt.link_public_id, ())
    if doubt.issue_id is None and found:
        return DoubtResult.LATE
    if any(issue.id != doubt.issue_id for issue in found):
        return DoubtResult.TWO
    return DoubtResult.FINE if found or doubt.project_id in seen.visible else DoubtResult.UNSEEN


def record(lease: Lease, doubt: Doubt, seen: SeenIssues) -> None:
    """Write down what was seen, unless the link or the connection has moved on meanwhile.

    Holds the connection before the link: an issue that is adopted may concern its webhook.
    """
    connection = leases.hold_of_grant(lease)
    if connection is None:
        return
    link = db.session.get_one(
        IssueLink, doubt.link_id, populate_existing=True, with_for_update=True
    )
    if link.stamped or link.issue_id != doubt.issue_id:
        return
    found = seen.found.get(doubt.link_public_id, ())
    result = judge(doubt, seen)
    if result is DoubtResult.LATE and link.active:
        with recording.of(lease, connection, {link.id: link}) as held:
            _adopt(held, link, found[0])
        result = DoubtResult.TWO if len(found) > 1 else DoubtResult.FINE
    if result in {DoubtResult.TWO, DoubtResult.LATE}:
        _tell(link, found)
    if result is DoubtResult.FINE:
        entries.close_two_issues(link)
        _forget_two(link)
    _look_again(link, doubt, result)
    db.session.flush()


def postpone(doubted: Sequence[Doubt]) -> None:
    """Jira did not answer: once more a little later."""
    for doubt in doubted:
        link = db.session.get_one(IssueLink, doubt.link_id, populate_existing=True)
        link.recheck_at = utcnow() + back_offs.SECOND_LOOK
    db.session.flush()


def _adopt(held: Recording, link: IssueLink, issue: CreatedIssue) -> None:
    """What exactly it holds is not known any more, so what differs from it is sent once more.

    What the last create carried stays known: a description that is still that one is ours.
    """
    outbound_record.adopted(held, link, issue)
    link.snapshot = {SENT: (link.snapshot or {}).get(SENT, {})}
    if not link.action_item.let_go:
        link.due_at = link.due_since = utcnow()


def _tell(link: IssueLink, found: Sequence[CreatedIssue]) -> None:
    others = [issue.key for issue in found if issue.id != link.issue_id]
    own = None if link.state is LinkState.DELETED else link.issue_key
    keys = [*filter(None, [own]), *sorted(others)]
    entries.log_two_issues(link, keys)
    if link.active:
        link.failure_code, link.failure_fields = FailureCode.TWO_ISSUES, keys
        link.failure_message = None
    link.revision += 1
    log.error("two issues for one link", extra={"link": link.id, "keys": keys})


def _forget_two(link: IssueLink) -> None:
    if link.failure_code is FailureCode.TWO_ISSUES:
        link.failure_code = link.failure_fields = None
        link.revision += 1


def _look_again(link: IssueLink, doubt: Doubt, result: DoubtResult) -> None:
    """What is not settled is looked at daily, for a month: it may be deleted, or come to sight."""
    now = utcnow()
    settled = result is DoubtResult.FINE
    if not settled and now - doubt.since > LONGEST:
        log.warning("second look given up", extra={"link": link.id, "result": result.value})
        settled = True
    link.recheck_at = None if settled else now + DAILY


def _unknown_since(link_ids: Sequence[int]) -> dict[int, datetime]:
    found = (
        select(SyncEntry.issue_link_id, func.min(SyncAttempt.started_at))
        .join(SyncAttempt, SyncAttempt.entry_id == SyncEntry.id)
        .where(
            SyncEntry.issue_link_id.in_(link_ids),
            SyncAttempt.outcome.in_([Outcome.UNKNOWN, Outcome.INTERRUPTED]),
        )
        .group_by(SyncEntry.issue_link_id)
    )
    return {row[0]: row[1] for row in db.session.execute(found)}
