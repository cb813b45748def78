"""Finding recorded changes, page by page. A place between two of them is an id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, text
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import AuditEvent, Organization, User
from app.models.audit import ENDS
from app.services.history.subjects import ACTIONS, SUBJECT_OF, UNDONE, Subject
from app.services.sync_log.days import Days

PAGE_SIZE = 25
KEPT = timedelta(days=2 * 365)
PRUNE_BATCH = 500


@dataclass(frozen=True)
class Wanted:
    """What an admin asks for. Of `who`: a person's id, 0 for the operator, None for everybody."""

    subject: Subject | None = None
    who: int | None = None
    days: Days | None = None


@dataclass(frozen=True)
class EventPage:
    """Some recorded changes, newest first, and the ids where the pages beside them begin."""

    events: Sequence[AuditEvent]
    older: int | None = None
    newer: int | None = None


def page_of(
    organization: Organization,
    wanted: Wanted,
    *,
    before: int | None = None,
    after: int | None = None,
    size: int = PAGE_SIZE,
) -> EventPage:
    """The changes older than `before`, else the ones newer than `after`, else the newest."""
    found = _found(organization, wanted)
    if before is None and after is not None:
        newer = found.where(AuditEvent.id > after).order_by(AuditEvent.id).limit(size + 1)
        events = list(db.session.scalars(newer))
        more, events = len(events) > size, events[:size][::-1]
        older = events[-1].id if events else None
        return EventPage(events, older, events[0].id if more else None)
    older_first = found if before is None else found.where(AuditEvent.id < before)
    events = list(db.session.scalars(older_first.order_by(AuditEvent.id.desc()).limit(size + 1)))
    more, events = len(events) > size, events[:size]
    newer_than = events[0].id if events and before is not None else None
    return EventPage(events, events[-1].id if more else None, newer_than)


def prune(now: datetime) -> int:
    """Delete one batch of changes older than two years before `now` (aware UTC); how many. How Jira
    was connected stays. Call it, and commit, until it returns 0."""
    old = (
        select(AuditEvent.id)
        .where(AuditEvent.created_at < now - KEPT, text(ENDS))
        .order_by(AuditEvent.created_at)
        .limit(PRUNE_BATCH)
    )
    ids = list(db.session.scalars(old))
    if ids:
        db.session.execute(delete(AuditEvent).where(AuditEvent.id.in_(ids)))
    return len(ids)


def event_of(organization: Organization, event_id: int) -> AuditEvent | None:
    """The organization's change of that id."""
    found = _found(organization, Wanted()).where(AuditEvent.id == event_id)
    return db.session.scalars(found).one_or_none()


def undone_since(organization: Organization, event_id: int) -> dict[tuple[int, str], AuditEvent]:
    """The marks of what was undone after the change of that id, by change and field."""
    marks = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.organization_id == organization.id,
            AuditEvent.action == UNDONE,
            AuditEvent.id > event_id,
        )
        .options(joinedload(AuditEvent.user))
        .order_by(AuditEvent.id)
    )
    return {(mark.details["event"], mark.details["part"]): mark for mark in marks}


def who_changed(organization: Organization) -> list[User]:
    """The people who have changed anything, by name."""
    ids = select(AuditEvent.user_id).where(AuditEvent.organization_id == organization.id)
    return list(db.session.scalars(select(User).where(User.id.in_(ids)).order_by(User.name)))


def _found(organization: Organization, wanted: Wanted) -> Select[Any]:
    actions = ACTIONS[wanted.subject] if wanted.subject else list(SUBJECT_OF)
    return (
        select(AuditEvent)
        .where(AuditEvent.organization_id == organization.id, AuditEvent.action.in_(actions))
        .where(*_by(wanted.who), *_within(wanted.days))
        .options(joinedload(AuditEvent.user))
    )


def _by(who: int | None) -> list[ColumnElement[bool]]:
    if who is None:
        return []
    return [AuditEvent.user_id.is_(None) if who == 0 else AuditEvent.user_id == who]


def _within(days: Days | None) -> list[ColumnElement[bool]]:
    begin, end = (days.begin, days.end) if days else (None, None)
    since = [AuditEvent.created_at >= begin] if begin else []
    return since + ([AuditEvent.created_at < end] if end else [])
