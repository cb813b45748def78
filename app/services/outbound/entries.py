"""The lines of the sync log, as the engine writes them: an entry, and in it every try."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError
from app.jira.types import Call
from app.models import (
    EntryState,
    FailureCode,
    IssueLink,
    LinkState,
    Operation,
    Outcome,
    SyncAttempt,
    SyncEntry,
)
from app.services.outbound.outcomes import Decision

MESSAGE_LIMIT = 1000
_UNFINISHED = {EntryState.RUNNING, EntryState.RETRYING}
_PUSHES = [operation for operation in Operation if not operation.returns]


def open_entry(link: IssueLink, operation: Operation) -> SyncEntry:
    """The log line that this try belongs to: the open one of the same operation, or a new one."""
    latest = _latest_push(link)
    if latest and latest.operation is operation and latest.state is not EntryState.SYNCED:
        latest.title = link.action_item.title
        return latest
    return _new(link, operation, EntryState.RUNNING)


def _latest_push(link: IssueLink) -> SyncEntry | None:
    found: SyncEntry | None = db.session.scalar(
        select(SyncEntry)
        .where(SyncEntry.issue_link_id == link.id, SyncEntry.operation.in_(_PUSHES))
        .order_by(SyncEntry.id.desc())
        .limit(1)
    )
    return found


def log_return(link: IssueLink, operation: Operation, fields: Sequence[str] = ()) -> SyncEntry:
    """Write a line for something that came back from Jira. Nothing of it is tried again."""
    entry = _new(link, operation, EntryState.SYNCED)
    entry.issue_key = link.issue_key
    entry.fields = list(fields)
    return entry


def close(entry: SyncEntry, link: IssueLink, state: EntryState) -> None:
    """End a line; nothing of it is wrong any more."""
    entry.state = state
    entry.issue_key = link.issue_key
    entry.next_try_at = None
    entry.failure_code = entry.failure_message = entry.failure_fields = None
    entry.updated_at = utcnow()


def log_failure(entry: SyncEntry, link: IssueLink, decision: Decision) -> None:
    """Write what went wrong, and when it is tried again."""
    entry.issue_key = link.issue_key
    entry.tries = link.tries
    entry.next_try_at = link.not_before
    entry.updated_at = utcnow()
    if decision.code:
        entry.failure_code = link.failure_code
        entry.failure_message = link.failure_message
        entry.failure_fields = link.failure_fields
    final = decision.state in {LinkState.ERROR, LinkState.DELETED, LinkState.UNSEEN}
    entry.state = EntryState.ERROR if final else EntryState.RETRYING


def close_unfinished(link: IssueLink) -> None:
    """End the line of an earlier try: what it was about is so by now, or is not wanted any more."""
    latest = _latest_push(link)
    if latest and latest.state in _UNFINISHED:
        close(latest, link, EntryState.SYNCED)


def end_absent(link: IssueLink) -> bool:
    """End the line of what is not sent any more, because the issue is gone or out of sight.

    Whether it says so by itself: then a second line would say the same of one item.
    """
    latest = _latest_push(link)
    if latest is None or latest.state not in _UNFINISHED:
        return False
    close_failed(latest, link)
    return link.state is LinkState.UNSEEN


def close_failed(entry: SyncEntry, link: IssueLink) -> None:
    """Close a line whose link was given up."""
    entry.state = EntryState.ERROR
    entry.tries = link.tries
    entry.failure_code = link.failure_code
    entry.next_try_at = None
    entry.updated_at = utcnow()


def log_two_issues(link: IssueLink, keys: Sequence[str]) -> None:
    """Say that Jira holds all of `keys` for the link's action item; once, while it is so."""
    entry = _two_issues(link) or _new(link, Operation.SECOND_LOOK, EntryState.ERROR)
    if entry.failure_fields != list(keys):
        entry.issue_key, entry.updated_at = link.issue_key, utcnow()
        entry.failure_code, entry.failure_fields = FailureCode.TWO_ISSUES, list(keys)


def close_two_issues(link: IssueLink) -> None:
    """Somebody has deleted the other one."""
    if entry := _two_issues(link):
        entry.state, entry.updated_at = EntryState.SYNCED, utcnow()


def _two_issues(link: IssueLink) -> SyncEntry | None:
    found: SyncEntry | None = db.session.scalar(
        select(SyncEntry)
        .where(
            SyncEntry.issue_link_id == link.id,
            SyncEntry.operation == Operation.SECOND_LOOK,
            SyncEntry.state == EntryState.ERROR,
        )
        .limit(1)
    )
    return found


def add_attempt(
    entry: SyncEntry,
    operation: Operation,
    outcome: Outcome,
    call: Call | None,
    error: JiraError | None = None,
    left_at: datetime | None = None,
) -> None:
    """Add one try. `call` is the request, where one left; `error` is what it ended with.

    `left_at` is when it left, aware UTC, where there is no call to say so.
    """
    entry.updated_at = utcnow()
    answer = call or error
    db.session.add(
        SyncAttempt(
            entry_id=entry.id,
            operation=operation,
            outcome=outcome,
            status=answer.status if answer else None,
            trace_id=answer.trace_id if answer else None,
            duration_ms=call.duration_ms if call else None,
            started_at=call.started_at if call else left_at or utcnow(),
            message=(error.sentence[:MESSAGE_LIMIT] or None) if error else None,
        )
    )


def _new(link: IssueLink, operation: Operation, state: EntryState) -> SyncEntry:
    team, now = link.action_item.retrospective.team, utcnow()
    entry = SyncEntry(
        organization_id=team.organization_id,
        team_id=team.id,
        link=link,
        action_item_id=link.action_item_id,
        operation=operation,
        state=state,
        title=link.action_item.title,
        tries=0,
        # A push begins when somebody wanted it: until its end is how long they waited.
        started_at=now if operation.returns else min(link.due_since or now, now),
        updated_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def note_attempt(link: IssueLink, operation: Operation, outcome: Outcome) -> None:
    """Log a try that this process did not make itself, such as that of a worker that died."""
    entry = open_entry(link, operation)
    add_attempt(entry, operation, outcome, None, left_at=link.stamped_at)
