"""Entries of the sync log as rows: what its tests arrange. Flushed, never committed."""

from datetime import datetime
from typing import Any

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    EntryState,
    FailureCode,
    IssueLink,
    LinkState,
    Operation,
    Outcome,
    SyncAttempt,
    SyncEntry,
)
from tests.support.acme import link


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
