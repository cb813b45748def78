"""Entries of the sync log as rows: what its tests arrange. Flushed, never committed."""

from datetime import datetime, timedelta
from typing import Any

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    AssigneeNote,
    EntryState,
    FailureCode,
    IssueLink,
    LinkState,
    Operation,
    Outcome,
    SyncAttempt,
    SyncEntry,
)
from tests.support.acme import connect_and_choose, items, link

NO = "You do not have permission to create issues in this project."


def entry(
    of: IssueLink,
    state: EntryState = EntryState.SYNCED,
    operation: Operation = Operation.CREATE,
    at: datetime | None = None,
    **values: Any,
) -> SyncEntry:
    """A line of the log, last touched `at` (now)."""
    when = at or utcnow()
    team = of.action_item.retrospective.team
    row = SyncEntry(
        organization_id=team.organization_id,
        team_id=team.id,
        link=of,
        action_item=of.action_item,
        operation=operation,
        state=state,
        **{"issue_key": of.issue_key, "started_at": when, "updated_at": when, **values},
    )
    db.session.add(row)
    db.session.flush()
    return row


def attempt(
    of: SyncEntry,
    outcome: Outcome,
    *,
    status: int | None = None,
    trace: str | None = None,
    ms: int | None = None,
    message: str | None = None,
    operation: Operation | None = None,
) -> SyncAttempt:
    row = SyncAttempt(
        entry=of,
        operation=operation or of.operation,
        outcome=outcome,
        status=status,
        trace_id=trace,
        duration_ms=ms,
        message=message,
    )
    db.session.add(row)
    db.session.flush()
    return row


def synced(
    item: ActionItem, at: datetime | None = None, tries: int = 0, **fields: Any
) -> SyncEntry:
    """An issue that was created, and the line that says so."""
    return entry(link(item, **fields), at=at, tries=tries)


def failed(
    item: ActionItem,
    message: str | None = None,
    at: datetime | None = None,
    code: FailureCode = FailureCode.MAY_NOT_CREATE,
) -> SyncEntry:
    """An item in sync error, all its retries used up."""
    why: dict[str, Any] = {"failure_code": code, "failure_message": message}
    row = link(item, LinkState.ERROR, key=None, tries=4, **why)
    return entry(row, EntryState.ERROR, at=at, tries=4, **why)


def of_every_kind() -> None:
    """A failed, a retrying, a waiting and many synced entries."""
    connect_and_choose()
    first, second, third, fourth, fifth = items()
    now = utcnow()
    broken = failed(fourth, NO, now - timedelta(minutes=9))
    for outcome, status in [(Outcome.REFUSED, 403), (Outcome.UNKNOWN, None)]:
        attempt(broken, outcome, status=status, trace="8f2c1a4e9b7d", ms=412, message="No.")
    attempt(broken, Outcome.NOT_FOUND, operation=Operation.PROBE)
    waiting = link(third, LinkState.RETRYING, key=None, tries=2, due_at=now)
    waiting.not_before = now + timedelta(minutes=3)
    waiting.failure_code = FailureCode.JIRA_UNAVAILABLE
    attempt(entry(waiting, EntryState.RETRYING, tries=2), Outcome.UNAVAILABLE, status=503)
    link(fifth, LinkState.SYNCING, key=None, due_at=now)
    synced(second, now - timedelta(minutes=12), key="PLAT-143", assignee_note=AssigneeNote.SEVERAL)
    edited = synced(first, now - timedelta(days=1)).link
    entry(edited, operation=Operation.UPDATE, fields=["summary", "duedate"], at=now)
    for days in range(2, 13):
        for number in range(days * 7 % 11):
            entry(edited, at=now - timedelta(days=days), tries=int(number % 4 == 0))
