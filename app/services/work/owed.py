"""What is due of a kind of work, and whether somebody may begin with it.

Whether the connection may ask Jira at all is another question: services/grants/pauses.py.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select

from app.models import JiraConnection, JiraWork, WorkKind
from app.services.work import lengths


def due(kind: WorkKind, now: datetime) -> Select[int]:
    """The ids of connections with work of this kind due at `now` (aware UTC), by an index."""
    return select(JiraWork.connection_id).where(JiraWork.kind == kind, JiraWork.due_at <= now)


def recent_due(now: datetime) -> Select[int]:
    """The same of looks at the latest retrospectives alone, while reading is owed at all."""
    return select(JiraWork.connection_id).where(
        JiraWork.kind == WorkKind.READING,
        JiraWork.due_at.is_not(None),
        JiraWork.recent_due_at <= now,
    )


def may_begin(kind: WorkKind, now: datetime) -> ColumnElement[bool]:
    """Of a JiraConnection: that nobody is at the work, and it has not been put off beyond `now`.

    `now`: aware UTC.
    """
    put_off_no_more = or_(JiraWork.not_before.is_(None), JiraWork.not_before <= now)
    begins = exists().where(
        JiraWork.connection_id == JiraConnection.id,
        JiraWork.kind == kind,
        free(now),
        put_off_no_more,
    )
    return begins.correlate(JiraConnection)


def free(now: datetime) -> ColumnElement[bool]:
    """Of a JiraWork: that nobody holds its lease at `now` (aware UTC)."""
    return or_(
        JiraWork.lease_until.is_(None),
        JiraWork.lease_until <= now,
        JiraWork.lease_until > lengths.latest_end(now),
    )


def leased(kind: WorkKind, now: datetime) -> Select[int]:
    """The ids of connections that somebody does this work for at `now` (aware UTC)."""
    return select(JiraWork.connection_id).where(
        JiraWork.kind == kind,
        JiraWork.lease_until > now,
        JiraWork.lease_until <= lengths.latest_end(now),
    )
