"""What became of an owed status: written to its row, the link and the Sync Log.

Each looks first whether the right to it is still there, and whether the same is still owed: a
person may have pressed again meanwhile. Holds the connection, the link and the row, in this order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError
from app.jira.types import Call, Issue, Transition
from app.models import FailureCode, IssueLink, Outcome, OwedStatus
from app.models.issue_status import IssueStatus
from app.models.owed_status import OwnTransition
from app.services.outbound import connection_state, transition_log
from app.services.outbound.due_transitions import DueTransition
from app.services.outbound.entries import MESSAGE_LIMIT
from app.services.outbound.seen_statuses import read_in, see
from app.services.work import leases
from app.services.work.leases import Lease


@dataclass(frozen=True)
class Failure:
    """Why an issue is not there yet. again_at: when it is tried again (aware UTC), if it is."""

    code: FailureCode
    message: str = ""
    fields: tuple[str, ...] = ()
    again_at: datetime | None = None
    counts_as_try: bool = False


class _Held(NamedTuple):
    link: IssueLink
    row: OwedStatus
    same: bool


def leaves(lease: Lease, due: DueTransition, way: Transition, before: datetime | None) -> bool:
    """Remember a transition that is about to leave. False when it may not leave any more.

    before: when Jira told of the ways, by its own clock.
    """
    held = _held(lease, due)
    if held is None or not held.same or not _is_wanted(held.link):
        return False
    own = OwnTransition(utcnow(), way.status_category or "", before=before)
    held.row.remember((*held.row.own_transitions, own))
    db.session.flush()
    return True


def arrived(lease: Lease, due: DueTransition, way: Transition, call: Call | None) -> None:
    """Jira did it. Also where something else is owed by now: it was our own all the same."""
    held = _held(lease, due)
    if held is None:
        return
    link, row, same = held
    now = utcnow()
    row.remember(_answered(row.own_transitions, now, call))
    # What comes back of it is no news: it changes nothing here.
    link.status_category = way.status_category
    link.status_name = way.status_name
    see(link, IssueStatus(way.status_name or "", way.status_category or "", None, now))
    connection_state.note_success(link.connection, [call])
    transition_log.done(link, row, call)
    if same:
        row.settle()
    link.revision += 1
    db.session.flush()


def met(lease: Lease, due: DueTransition, issue: Issue) -> None:
    """The issue is on the right side of done already, whoever brought it there."""
    _ends(lease, due, issue)


def decided_in_jira(lease: Lease, due: DueTransition, issue: Issue) -> None:
    """Somebody has chosen another status since it was owed."""
    _ends(lease, due, issue, FailureCode.DECIDED_IN_JIRA)


def not_wanted(lease: Lease, due: DueTransition) -> None:
    """An admin has chosen to leave such issues as they are."""
    held = _held(lease, due)
    if held is not None and held.same:
        transition_log.withdrawn(held.link)
        held.row.settle()
        held.link.revision += 1
        db.session.flush()


def put_off(lease: Lease, due: DueTransition, until: datetime, issue: Issue | None = None) -> None:
    """Nothing is wrong: it is seen to then (aware UTC)."""
    held = _held(lease, due)
    if held is None or not held.same:
        return
    held.row.due_at = until
    _see(held.link, issue)
    held.link.revision += 1
    db.session.flush()


def failed(
    lease: Lease,
    due: DueTransition,
    failure: Failure,
    issue: Issue | None = None,
    outcome: Outcome | None = None,
    error: JiraError | None = None,
    call: Call | None = None,
) -> None:
    """Write why it is not there yet. outcome, error, call: of the request that was to move it."""
    held = _held(lease, due)
    if held is None:
        return
    link, row, same = held
    if outcome is Outcome.REFUSED:
        row.remember(row.own_transitions[:-1])  # it moved nothing
    if not same:
        return
    row.tries += failure.counts_as_try
    row.failure_code, row.failure_fields = failure.code, list(failure.fields) or None
    row.failure_message = failure.message[:MESSAGE_LIMIT] or None
    row.due_at = failure.again_at
    if failure.code is FailureCode.JIRA_UNAVAILABLE:
        connection_state.note_outage(link.connection)
    _see(link, issue)
    transition_log.failed(link, row, outcome, error, call)
    link.revision += 1
    db.session.flush()


def _ends(lease: Lease, due: DueTransition, issue: Issue, code: FailureCode | None = None) -> None:
    held = _held(lease, due)
    if held is None or not held.same:
        return
    _see(held.link, issue)
    end(held.link, held.row, code)
    db.session.flush()


def end(link: IssueLink, row: OwedStatus, code: FailureCode | None = None) -> None:
    """Nothing is owed any more. The caller holds both, and flushes."""
    transition_log.ended(link, row, code)
    row.settle()
    link.revision += 1


def _see(link: IssueLink, issue: Issue | None) -> None:
    if issue is not None:
        see(link, read_in(issue, utcnow()))


def _is_wanted(link: IssueLink) -> bool:
    return link.active and not link.action_item.let_go


def _answered(
    own: Sequence[OwnTransition], now: datetime, call: Call | None
) -> list[OwnTransition]:
    """The latest was answered; what an earlier one lost stays unknown."""
    after = call.answered_at if call else None
    return [*own[:-1], *(replace(each, answered_at=now, after=after) for each in own[-1:])]


def _held(lease: Lease, due: DueTransition) -> _Held | None:
    if not leases.hold_grant(lease):
        return None
    link = db.session.get_one(
        IssueLink, due.link_id, populate_existing=True, with_for_update={"key_share": True}
    )
    row = db.session.get(OwedStatus, due.link_id, populate_existing=True, with_for_update=True)
    if row is None:
        return None
    return _Held(link, row, row.owed is due.owed and row.since == due.since)
