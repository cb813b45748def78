"""The sync log: finding its entries, page by page, and letting go of old ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, delete, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import contains_eager, selectinload

from app.extensions import db
from app.models import (
    ActionItem,
    EntryState,
    IssueLink,
    JiraConnection,
    Operation,
    Organization,
    Retrospective,
    SyncAttempt,
    SyncEntry,
    UtcDateTime,
)
from app.services.counts import Count, counted
from app.services.outbound.links import in_sync_error
from app.services.sync_log.narrowing import Filters, entries_of, has_words, moving

PAGE_SIZE = 25
UNDER_WAY_SIZE = 10
PRUNE_BATCH = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PLACE = tuple_(SyncEntry.updated_at, SyncEntry.id)


@dataclass(frozen=True)
class Cursor:
    """A place between two entries: that of the entry with this time (aware UTC) and id."""

    at: datetime
    id: int

    @property
    def text(self) -> str:
        """For an address. Whole microseconds: a float would round them."""
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """What `text` wrote; None if it is something else."""
        moment, _, number = text.partition("-")
        digits = moment.isascii() and number.isascii() and moment.isdigit() and number.isdigit()
        if not digits or len(moment) > 16 or len(number) > 18:
            return None
        return cls(_EPOCH + int(moment) * _MICROSECOND, int(number))


@dataclass(frozen=True)
class EntryPage:
    """Some entries, newest first, and where the pages beside them begin."""

    entries: Sequence[SyncEntry]
    total: Count
    older: Cursor | None = None
    newer: Cursor | None = None


def page(
    organization_id: int,
    filters: Filters,
    *,
    before: Cursor | None = None,
    after: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> EntryPage:
    """The newest entries; or those older than `before`, or the ones just newer than `after`."""
    found = entries_of(organization_id, filters)
    total = counted(found)
    if after is not None:
        rows = _newer(found, after, size + 1)
        if len(rows) > size:
            entries = rows[1:]
            return EntryPage(entries, total, _cursor(entries[-1]), _cursor(entries[0]))
        before = None  # The newest page is reached.
    rows = _older(found, before, size + 1)
    entries = rows[:size]
    older = _cursor(entries[-1]) if len(rows) > size else None
    newer = _cursor(entries[0]) if before and entries else None
    return EntryPage(entries, total, older, newer)


def older_entries(
    organization_id: int, filters: Filters, before: Cursor | None, size: int
) -> list[SyncEntry]:
    """At most `size` entries older than `before` (None: the newest), with all that they show."""
    return _older(entries_of(organization_id, filters), before, size)


def _older(found: Select[Any], before: Cursor | None, size: int) -> list[SyncEntry]:
    query = _with_everything(found)
    if before is not None:
        query = query.where(_is_before(before))
    query = query.order_by(SyncEntry.updated_at.desc(), SyncEntry.id.desc()).limit(size)
    return list(db.session.scalars(query))


def cursor_after(entries: Sequence[SyncEntry]) -> Cursor:
    """Where the entries older than the last of `entries` begin."""
    return _cursor(entries[-1])


def count(organization_id: int, filters: Filters) -> Count:
    """How many entries `filters` let through."""
    return counted(entries_of(organization_id, filters))


def entry_of(organization: Organization, entry_id: int) -> SyncEntry | None:
    """The organization's entry of that id, with all that it shows."""
    query = _with_everything(entries_of(organization.id, Filters()))
    return db.session.scalars(query.where(SyncEntry.id == entry_id)).one_or_none()


def under_way(organization_id: int, filters: Filters) -> tuple[list[IssueLink], Count]:
    """The latest links that wait for their turn or are being sent, and how many there are.

    They have no entry of their own yet: one is written when Jira has answered.
    """
    logged = exists().where(
        SyncEntry.issue_link_id == IssueLink.id,
        SyncEntry.state != EntryState.SYNCED,
        SyncEntry.operation != Operation.SECOND_LOOK,
    )
    found = (
        select(IssueLink)
        .join(IssueLink.connection)
        .join(IssueLink.action_item)
        .join(ActionItem.retrospective)
        .where(JiraConnection.organization_id == organization_id, *moving(), ~logged)
        .where(*has_words(filters.text))
    )
    if filters.team_id is not None:
        found = found.where(Retrospective.team_id == filters.team_id)
    total = counted(found)
    item = contains_eager(IssueLink.action_item)
    latest = (
        # Not by the bare column, whose index SQLite would follow through all that is settled.
        found.order_by(func.coalesce(IssueLink.due_at, _EPOCH).desc(), IssueLink.id.desc())
        .limit(UNDER_WAY_SIZE)
        .options(
            item.contains_eager(ActionItem.retrospective).joinedload(Retrospective.team),
            item.joinedload(ActionItem.assignee),
        )
    )
    return list(db.session.scalars(latest)) if total else [], total


def latest_ids(entries: Sequence[SyncEntry]) -> set[int]:
    """The ids of the newest entry that went to Jira, of each of the links of `entries`."""
    links = {entry.issue_link_id for entry in entries}
    sent = [operation for operation in Operation if operation.pushes]
    newest = select(func.max(SyncEntry.id)).where(
        SyncEntry.issue_link_id.in_(links), SyncEntry.operation.in_(sent)
    )
    return set(db.session.scalars(newest.group_by(SyncEntry.issue_link_id)))


def prune(now: datetime) -> int:
    """Delete one batch of entries, with their tries, that are too old; return how many.

    Too old is untouched for SYNC_ATTEMPT_DAYS before `now` (aware UTC). What failed and still
    waits for somebody stays. Call it, and commit, until it returns 0.
    """
    days = current_app.config["SYNC_ATTEMPT_DAYS"]
    failed = (
        exists()
        .where(IssueLink.id == SyncEntry.issue_link_id, IssueLink.action_item_id == ActionItem.id)
        .where(*in_sync_error())
    )
    old = (
        select(SyncEntry.id)
        .where(SyncEntry.updated_at < now - timedelta(days=days))
        .where(or_(SyncEntry.state == EntryState.SYNCED, ~failed))
        .order_by(SyncEntry.updated_at)
        .limit(PRUNE_BATCH)
    )
    ids = list(db.session.scalars(old))
    if not ids:
        return 0
    db.session.execute(delete(SyncAttempt).where(SyncAttempt.entry_id.in_(ids)))
    db.session.execute(delete(SyncEntry).where(SyncEntry.id.in_(ids)))
    return len(ids)


def _with_everything(query: Select[Any]) -> Select[Any]:
    item = contains_eager(SyncEntry.action_item)
    return query.options(
        contains_eager(SyncEntry.link),
        item.joinedload(ActionItem.retrospective).joinedload(Retrospective.team),
        item.joinedload(ActionItem.assignee),
        selectinload(SyncEntry.attempts),
    )


def _newer(found: Select[Any], after: Cursor, size: int) -> list[SyncEntry]:
    query = _with_everything(found).where(_is_after(after))
    query = query.order_by(SyncEntry.updated_at, SyncEntry.id).limit(size)
    return list(db.session.scalars(query))[::-1]


def _is_before(cursor: Cursor) -> ColumnElement[bool]:
    return tuple_(literal(cursor.at, UtcDateTime), literal(cursor.id)) > _PLACE


def _is_after(cursor: Cursor) -> ColumnElement[bool]:
    return tuple_(literal(cursor.at, UtcDateTime), literal(cursor.id)) < _PLACE


def _cursor(entry: SyncEntry) -> Cursor:
    return Cursor(entry.updated_at, entry.id)
