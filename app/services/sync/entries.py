"""The lines of the sync log, as the engine writes them: an entry, and in it every try."""

from collections.abc import Sequence

from sqlalchemy import select

from app.extensions import db
from app.jira.errors import JiraError
from app.jira.types import Call
from app.models import (
    EntryState,
    IssueLink,
    LinkState,
    Operation,
    Outcome,
    SyncAttempt,
    SyncEntry,
    utcnow,
)
from app.services.sync.deciding import Decision

MESSAGE_LIMIT = 1000
_PUSHES = [operation for operation in Operation if not operation.returns]


def open_entry(link: IssueLink, operation: Operation) -> SyncEntry:
    """The log line that this try belongs to: the open one of the same operation, or a new one."""
    latest: SyncEntry | None = db.session.scalar(
        select(SyncEntry)
        .where(SyncEntry.issue_link_id == link.id, SyncEntry.operation.in_(_PUSHES))
        .order_by(SyncEntry.id.desc())
        .limit(1)
    )
    if latest and latest.operation is operation and latest.state is not EntryState.SYNCED:
        return latest
    return _new(link, operation, EntryState.RUNNING)


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


def close_failed(entry: SyncEntry, link: IssueLink) -> None:
    """Close a line whose link was given up."""
    entry.state = EntryState.ERROR
    entry.tries = link.tries
    entry.failure_code = link.failure_code
    entry.next_try_at = None
    entry.updated_at = utcnow()


def add_attempt(
    entry: SyncEntry,
    operation: Operation,
    outcome: Outcome,
    call: Call | None,
    error: JiraError | None = None,
) -> None:
    """Add one try. `call` is the request, where one left; `error` is what it ended with."""
    entry.updated_at = utcnow()
    told = call or error
    db.session.add(
        SyncAttempt(
            entry_id=entry.id,
            operation=operation,
            outcome=outcome,
            status=told.status if told else None,
            trace_id=told.trace_id if told else None,
            duration_ms=call.duration_ms if call else None,
            started_at=call.started_at if call else utcnow(),
            message=(error.sentence[:MESSAGE_LIMIT] or None) if error else None,
        )
    )


def _new(link: IssueLink, operation: Operation, state: EntryState) -> SyncEntry:
    team = link.action_item.retrospective.team
    entry = SyncEntry(
        organization_id=team.organization_id,
        team_id=team.id,
        link=link,
        action_item_id=link.action_item_id,
        operation=operation,
        state=state,
        tries=0,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def note_attempt(link: IssueLink, operation: Operation, outcome: Outcome) -> None:
    """Log a try that this process did not make itself, such as that of a worker that died."""
    add_attempt(open_entry(link, operation), operation, outcome, None)
