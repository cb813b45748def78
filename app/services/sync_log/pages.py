"""The sync log: finding its entries, page by page, and letting go of old ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, selectinload

from app.extensions import db
from app.models import (
    ActionItem,
    EntryState,
    IssueLink,
    JiraConnection,
    LinkState,
    Operation,
    Organization,
    Retrospective,
    SyncAttempt,
    SyncEntry,
)
from app.services.outbound.links import in_sync_error
from app.services.sync_log.days import Days

PAGE_SIZE = 25
UNDER_WAY_SIZE = 10
PRUNE_BATCH = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Shown(StrEnum):
    """Which entries: by what has become of them so far."""

    ALL = "all"
    FAILED = "failed"
    RETRYING = "retrying"
    SYNCED = "synced"


@dataclass(frozen=True)
class Filters:
    """What an admin asks for. `text` is looked for in titles and keys, `days` by the last try."""

    shown: Shown = Shown.ALL
    team_id: int | None = None
    text: str = ""
    days: Days | None = None

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return self != Filters()


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
    total: int
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
    total = count(organization_id, filters)
    if after is not None:
        rows = _newer(organization_id, filters, after, size + 1)
        if len(rows) > size:
            entries = rows[1:]
            return EntryPage(entries, total, _cursor(entries[-1]), _cursor(entries[0]))
        before = None  # The newest page is reached.
    rows = older_entries(organization_id, filters, before, size + 1)
    entries = rows[:size]
    older = _cursor(entries[-1]) if len(rows) > size else None
    newer = _cursor(entries[0]) if before and entries else None
    return EntryPage(entries, total, older, newer)


def older_entries(
    organization_id: int, filters: Filters, before: Cursor | None, size: int
) -> list[SyncEntry]:
    """At most `size` entries older than `before` (None: the newest), with all that they show."""
    query = _with_everything(_entries(organization_id, filters))
    if before is not None:
        query = query.where(_is_before(before))
    query = query.order_by(SyncEntry.updated_at.desc(), SyncEntry.id.desc()).limit(size)
    return list(db.session.scalars(query))


def cursor_after(entries: Sequence[SyncEntry]) -> Cursor:
    """Where the entries older than the last of `entries` begin."""
    return _cursor(entries[-1])


def count(organization_id: int, filters: Filters) -> int:
    """How many entries `filters` let through."""
    found = _entries(organization_id, filters).with_only_columns(func.count(SyncEntry.id))
    return db.session.scalar(found) or 0


def entry_of(organization: Organization, entry_id: int) -> SyncEntry | None:
    """The organization's entry of that id, with all that it shows."""
    query = _with_everything(_entries(organization.id, Filters()))
    return db.session.scalars(query.where(SyncEntry.id == entry_id)).one_or_none()


def under_way(organization_id: int, filters: Filters) -> tuple[list[IssueLink], int]:
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
        .where(JiraConnection.organization_id == organization_id, *_moving(), ~logged)
        .where(*_text(filters.text))
    )
    if filters.team_id is not None:
        found = found.where(Retrospective.team_id == filters.team_id)
    total = db.session.scalar(found.with_only_columns(func.count(IssueLink.id))) or 0
    latest = found.order_by(IssueLink.due_at.desc(), IssueLink.id.desc()).limit(UNDER_WAY_SIZE)
    return list(db.session.scalars(latest)) if total else [], total


def latest_ids(entries: Sequence[SyncEntry]) -> set[int]:
    """The ids of the newest entry that went to Jira, of each of the links of `entries`."""
    links = {entry.issue_link_id for entry in entries}
    sent = [operation for operation in Operation if not operation.returns]
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


def _entries(organization_id: int, filters: Filters) -> Select[Any]:
    wanted = [
        SyncEntry.organization_id == organization_id,
        *_shown(filters.shown),
        *_text(filters.text, SyncEntry.title),
        *_days(filters.days),
    ]
    if filters.team_id is not None:
        wanted.append(SyncEntry.team_id == filters.team_id)
    return select(SyncEntry).join(SyncEntry.link).join(SyncEntry.action_item).where(*wanted)


def _with_everything(query: Select[Any]) -> Select[Any]:
    item = contains_eager(SyncEntry.action_item)
    return query.options(
        contains_eager(SyncEntry.link),
        item.joinedload(ActionItem.retrospective).joinedload(Retrospective.team),
        item.joinedload(ActionItem.assignee),
        selectinload(SyncEntry.attempts),
    )


def _shown(shown: Shown) -> list[ColumnElement[bool]]:
    """By the link where it is still being worked on: retrying it writes to the link first."""
    unfinished = SyncEntry.state != EntryState.SYNCED
    settled = and_(IssueLink.active, IssueLink.state == LinkState.SYNCED)
    match shown:
        case Shown.ALL:
            return []
        case Shown.FAILED:
            return [unfinished, *in_sync_error()]
        case Shown.RETRYING:
            return [unfinished, *_moving()]
        case Shown.SYNCED:
            return [or_(~unfinished, settled), _went_well()]


def _went_well() -> ColumnElement[bool]:
    """Whether an entry that came back from Jira tells of nothing bad."""
    two = and_(SyncEntry.operation == Operation.SECOND_LOOK, SyncEntry.state == EntryState.ERROR)
    return and_(SyncEntry.operation != Operation.DISAPPEAR, ~two)


def _moving() -> list[ColumnElement[bool]]:
    states = [state for state in LinkState if state.moving]
    return [
        IssueLink.active.is_(True),
        IssueLink.state.in_(states),
        ActionItem.deleted_at.is_(None),
    ]


def _text(text: str, *columns: InstrumentedAttribute[str | None]) -> list[ColumnElement[bool]]:
    """In today's title or the key, or in one of `columns`, whatever the case."""
    words = text.strip()
    searched = (ActionItem.title, IssueLink.issue_key, *columns)
    return [or_(*(each.icontains(words, autoescape=True) for each in searched))] if words else []


def _days(days: Days | None) -> list[ColumnElement[bool]]:
    begin, end = (days.begin, days.end) if days else (None, None)
    since = [SyncEntry.updated_at >= begin] if begin else []
    return since + ([SyncEntry.updated_at < end] if end else [])


def _newer(organization_id: int, filters: Filters, after: Cursor, size: int) -> list[SyncEntry]:
    query = _with_everything(_entries(organization_id, filters)).where(_is_after(after))
    query = query.order_by(SyncEntry.updated_at, SyncEntry.id).limit(size)
    return list(db.session.scalars(query))[::-1]


def _is_before(cursor: Cursor) -> ColumnElement[bool]:
    same = and_(SyncEntry.updated_at == cursor.at, SyncEntry.id < cursor.id)
    return or_(SyncEntry.updated_at < cursor.at, same)


def _is_after(cursor: Cursor) -> ColumnElement[bool]:
    same = and_(SyncEntry.updated_at == cursor.at, SyncEntry.id > cursor.id)
    return or_(SyncEntry.updated_at > cursor.at, same)


def _cursor(entry: SyncEntry) -> Cursor:
    return Cursor(entry.updated_at, entry.id)
