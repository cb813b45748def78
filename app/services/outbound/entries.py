"""The lines of the sync log, as the engine writes them: an entry, and in it every try."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

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
from app.models.prepared import prepared
from app.models.writing import add, add_of, write
from app.services.outbound.outcomes import Decision

MESSAGE_LIMIT = 1000
_UNFINISHED = {EntryState.RUNNING, EntryState.RETRYING}
_PUSHES = [operation for operation in Operation if operation.pushes]


class Pushes:
    """The newest line about a push of each link, and what is added to them: read and written once
    for all of the links. Whoever writes lines of a link holds it.
    """

    def __init__(self, links: Iterable[IssueLink]) -> None:
        found = db.session.scalars(*_newest_of([link.id for link in links])).all()
        self._found = found
        self._newest = {entry.issue_link_id: entry for entry in found}
        self._new: list[SyncEntry] = []
        self._tries: list[tuple[SyncEntry, dict[str, Any]]] = []

    def open(self, link: IssueLink, operation: Operation) -> SyncEntry:
        """The line that this try belongs to: the open one of the same operation, or a new one."""
        newest = self._newest.get(link.id)
        if newest and newest.operation is operation and newest.state is not EntryState.SYNCED:
            newest.title = link.action_item.title
            return newest
        entry = self._newest[link.id] = _new(link, operation, EntryState.RUNNING)
        self._new.append(entry)
        return entry

    def unfinished(self, link: IssueLink) -> SyncEntry | None:
        """The line of an earlier try that is to be tried again; None if there is none."""
        newest = self._newest.get(link.id)
        return newest if newest and newest.state in _UNFINISHED else None

    def close_unfinished(self, link: IssueLink) -> None:
        """End that line: what it was about is so by now, or is not wanted any more."""
        if entry := self.unfinished(link):
            close(entry, link, EntryState.SYNCED)

    def add_try(
        self,
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
        tried = {
            "operation": operation,
            "outcome": outcome,
            "status": answer.status if answer else None,
            "trace_id": answer.trace_id if answer else None,
            "duration_ms": call.duration_ms if call else None,
            "started_at": call.started_at if call else left_at or utcnow(),
            "message": (error.sentence[:MESSAGE_LIMIT] or None) if error else None,
        }
        self._tries.append((entry, tried))

    def write(self) -> None:
        """Write all of it."""
        write(self._found)
        new = self._new
        while new:  # a second time only for links that have two new lines
            first = {entry.issue_link_id: entry for entry in reversed(new)}
            once = [entry for entry in new if first[entry.issue_link_id] is entry]
            for row in add(once, SyncEntry.id, SyncEntry.issue_link_id):
                first[row.issue_link_id].id = row.id
            new = [entry for entry in new if entry not in once]
        add_of(SyncAttempt, [{**tried, "entry_id": entry.id} for entry, tried in self._tries])


@prepared
def _newest_of(link_ids: list[int]) -> Select[SyncEntry]:
    newest = (
        select(func.max(SyncEntry.id))
        .where(SyncEntry.issue_link_id.in_(link_ids), SyncEntry.operation.in_(_PUSHES))
        .group_by(SyncEntry.issue_link_id)
    )
    return select(SyncEntry).where(SyncEntry.id.in_(newest))


def log_return(link: IssueLink, operation: Operation, fields: Sequence[str] = ()) -> SyncEntry:
    """Write a line for something that came back from Jira. Nothing of it is tried again."""
    entry = _new(link, operation, EntryState.SYNCED)
    entry.issue_key = link.issue_key
    entry.fields = list(fields)
    db.session.add(entry)
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


def end_absent(link: IssueLink) -> bool:
    """End the line of what is not sent any more, because the issue is gone or out of sight.

    Whether it says so by itself: then a second line would say the same of one item.
    """
    entry = Pushes([link]).unfinished(link)
    if entry is None:
        return False
    close_failed(entry, link)
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
    db.session.add(entry)
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


def _new(link: IssueLink, operation: Operation, state: EntryState) -> SyncEntry:
    team, now = link.action_item.retrospective.team, utcnow()
    return SyncEntry(
        organization_id=team.organization_id,
        team_id=team.id,
        issue_link_id=link.id,
        action_item_id=link.action_item_id,
        operation=operation,
        state=state,
        title=link.action_item.title,
        tries=0,
        # A push begins when somebody wanted it: until its end is how long they waited.
        started_at=now if operation.returns else min(link.due_since or now, now),
        updated_at=now,
        fields=[],
    )
