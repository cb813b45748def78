"""Which connections a drain has work for: the ticker rings for them."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, union_all

from app.extensions import db
from app.models import (
    Adoption,
    IssueLink,
    JiraConnection,
    WorkKind,
)
from app.models.obstacles import installation_goes_on, installation_paused
from app.models.prepared import prepared
from app.services.inbound.due_reads import due_reads, perhaps_read, reads_are_due
from app.services.outbound.due_transitions import due_transitions
from app.services.outbound.owed_sprints import due_sprints
from app.services.outbound.second_looks import due_second_looks
from app.services.restoring.adoptions_due import due_adoptions
from app.services.work import owed as work_owed
from app.services.work.due_links import Selected, among_few, due_links


def due_connections(now: datetime) -> list[int]:
    """The ids of connections that have work and that no live drain is busy with."""
    found = [db.session.scalars(*each(now)) for each in (_pushes, _reads, _idle_looks, _statuses)]
    return sorted({id for ids in found for id in ids})


@prepared
def _pushes(now: datetime) -> Selected:
    return _of_links(due_links(select(IssueLink.connection_id), now)).where(_idle(now))


@prepared
def _reads(now: datetime) -> Selected:
    reads = due_reads(select(JiraConnection.id), now).where(_idle(now))
    return reads.where(JiraConnection.id.in_(perhaps_read(now)))


@prepared
def _idle_looks(now: datetime) -> Selected:
    return _looks(now).where(_idle(now))


@prepared
def _statuses(now: datetime) -> Selected:
    return _of_links(due_transitions(select(IssueLink.connection_id), now)).where(_idle(now))


def _idle(now: datetime) -> ColumnElement[bool]:
    return work_owed.may_begin(WorkKind.DRAIN, now) & installation_goes_on(now)


def connection_is_due(connection_id: int, now: datetime) -> bool:
    """Whether the connection has a link that may be worked on now, or issues to read."""
    if installation_paused(now):
        return False
    return (
        db.session.scalar(*_push_of(connection_id, now)) is not None
        or reads_are_due(connection_id, now)
        or db.session.scalar(*_look_of(connection_id, now)) is not None
        or db.session.scalar(*_status_of(connection_id, now)) is not None
    )


@prepared
def _push_of(connection_id: int, now: datetime) -> Selected:
    due = due_links(select(IssueLink.id), now)
    return due.where(IssueLink.connection_id == connection_id).limit(1)


@prepared
def _look_of(connection_id: int, now: datetime) -> Selected:
    return _looks(now).where(JiraConnection.id == connection_id)


@prepared
def _status_of(connection_id: int, now: datetime) -> Selected:
    return due_transitions(select(IssueLink.id), now).where(among_few(connection_id)).limit(1)


def _looks(now: datetime) -> Select[int]:
    """Second looks, searches of connections on hold, sprints that are set later: all of it is rare,
    so it is one question."""
    seconds = due_second_looks(select(IssueLink.connection_id), now)
    searched = select(Adoption.connection_id).where(Adoption.next_look_at <= now)
    adoptions = due_adoptions(select(JiraConnection.id), now)
    adoptions = adoptions.where(JiraConnection.id.in_(searched))
    sprints = due_sprints(select(IssueLink.connection_id), now)
    found = union_all(seconds, adoptions, sprints)
    return select(JiraConnection.id).where(JiraConnection.id.in_(found))


def _of_links(connection_ids: Selected) -> Selected:
    """The connections of links. With DISTINCT instead, SQLite would read every link each second."""
    return select(JiraConnection.id).where(JiraConnection.id.in_(connection_ids))
