"""The lines of the Sync Log about owed statuses: one for each, with its tries."""

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError
from app.jira.types import Call
from app.models import EntryState, FailureCode, IssueLink, Operation, Outcome, OwedStatus, SyncEntry
from app.services.outbound import entries


def ended(link: IssueLink, row: OwedStatus, code: FailureCode | None = None) -> None:
    """Say that the issue is where it should be; or, with a code, that it stays where it is."""
    entry = _line(link, row)
    entries.close(entry, link, EntryState.SYNCED)
    entry.failure_code = code


def done(link: IssueLink, row: OwedStatus, call: Call | None) -> None:
    """Say that a transition brought it there."""
    entry = _line(link, row)
    entries.close(entry, link, EntryState.SYNCED)
    _add_try(entry, Outcome.SUCCEEDED, call)


def failed(
    link: IssueLink,
    row: OwedStatus,
    outcome: Outcome | None = None,
    error: JiraError | None = None,
    call: Call | None = None,
) -> None:
    """Say why it is not there yet; with the try, if Jira was asked to move it."""
    entry = _line(link, row)
    entry.tries, entry.next_try_at = row.tries, row.due_at
    entry.failure_code, entry.failure_message = row.failure_code, row.failure_message
    entry.failure_fields = row.failure_fields
    entry.state = EntryState.RETRYING if row.due_at else EntryState.ERROR
    if outcome is not None:
        _add_try(entry, outcome, call, error)


def withdrawn(link: IssueLink) -> None:
    """End the line of what is not wanted any more."""
    if entry := _open(link):
        entries.close(entry, link, EntryState.SYNCED)


def _open(link: IssueLink) -> SyncEntry | None:
    found: SyncEntry | None = db.session.scalar(
        select(SyncEntry)
        .where(
            SyncEntry.issue_link_id == link.id,
            SyncEntry.operation == Operation.TRANSITION,
            SyncEntry.state != EntryState.SYNCED,
        )
        .order_by(SyncEntry.id.desc())
        .limit(1)
    )
    return found


def _add_try(
    entry: SyncEntry, outcome: Outcome, call: Call | None, error: JiraError | None = None
) -> None:
    db.session.flush()
    tries = entries.Pushes([])
    tries.add_try(entry, Operation.TRANSITION, outcome, call, error)
    tries.write()


def _line(link: IssueLink, row: OwedStatus) -> SyncEntry:
    """The one that what is owed now is told in: the open one, or a new one."""
    entry = _open(link)
    if entry is None:
        entry = entries.log_return(link, Operation.TRANSITION)
        entry.state, entry.started_at = EntryState.RUNNING, row.since or utcnow()
    entry.title, entry.issue_key, entry.updated_at = (
        link.action_item.title,
        link.issue_key,
        utcnow(),
    )
    entry.fields = [row.status_name] if row.status_name else []
    return entry
