"""What is owed of Jira's metadata, whose turn it is, and what to read next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, union

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, JiraProject, ProjectMapping, WorkKind
from app.models.obstacles import installation_goes_on, may_ask
from app.queue import REFRESH_METADATA, ring_after_commit
from app.services.mapping import active_sprints, sent_values
from app.services.people import lookups
from app.services.people.lookups import WantedPerson
from app.services.work import leases
from app.services.work import owed as work_owed
from app.services.work.leases import Lease


@dataclass(frozen=True)
class WantedProjects:
    """Read the whole project list."""


@dataclass(frozen=True)
class WantedProject:
    """Look at one project: may we create there, which types has it, what do they require?

    `type_ids` are the types whose fields matter; None means all that could be chosen. `parent_ids`
    are the issues that new ones are created below.
    """

    project_id: str
    type_ids: frozenset[str] | None
    wanted_at: datetime
    parent_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class WantedSprints:
    """Read which sprints of a project are active. field_id: of the sprint field."""

    project_id: str
    field_id: str


Wanted = WantedProjects | WantedProject | WantedPerson | WantedSprints


def owed_connections(now: datetime) -> list[int]:
    """The ids of connections whose metadata is owed and that nobody works on. For the ticker."""
    return list(db.session.scalars(_owed_now(now).order_by(JiraConnection.id)))


def something_is_owed(connection: JiraConnection) -> bool:
    """Whether the connection's pages are not the last word yet."""
    found = select(JiraConnection.id).where(JiraConnection.id == connection.id, _owed(utcnow()))
    return connection.connected and db.session.scalar(found) is not None


def owed_since(connection: JiraConnection) -> datetime | None:
    """Since when something has been wanted for the connection; None when there is none."""
    types = select(func.min(JiraProject.types_wanted_at)).where(
        JiraProject.connection_id == connection.id
    )
    checks = select(func.min(ProjectMapping.check_wanted_at)).where(
        ProjectMapping.is_on_site_of(connection)
    )
    since = [connection.works[WorkKind.METADATA].due_at, *map(db.session.scalar, (types, checks))]
    return min((moment for moment in since if moment is not None), default=None)


def take_lease(connection_id: int) -> Lease | None:
    """Become the one that reads the connection's metadata; None if that is not to be done now."""
    if not _is_owed_now(connection_id, utcnow()):
        return None
    return leases.take(connection_id, WorkKind.METADATA)


def next_wanted(lease: Lease, unanswered: Collection[str] = ()) -> Wanted | None:
    """What to read next: first what the settings wait for, then the checks, then people; beside
    these the active sprints, which are asked for as rarely as when they are sent.

    unanswered: the projects whose search for sprints Jira has just left without an answer. People
    do not wait for it.
    """
    connection = leases.hold_for(lease)
    if connection is None:
        return None
    if (wanted := _wanted_types(connection)) is not None:
        return wanted
    if connection.works[WorkKind.METADATA].due_at is not None:
        return WantedProjects()
    return (
        _owed_check(connection)
        or _wanted_sprints(connection, unanswered)
        or lookups.next_wanted(connection)
    )


def release(lease: Lease) -> None:
    """Give the lease back if it is still ours; ring again if something was wanted meanwhile."""
    if leases.hold_for(lease) is None:
        return
    leases.release(lease)
    if _is_owed_now(lease.connection_id, utcnow()):
        ring_after_commit(lease.connection_id, REFRESH_METADATA)


def _wanted_types(connection: JiraConnection) -> WantedProject | None:
    project = db.session.scalars(
        select(JiraProject)
        .where(JiraProject.connection_id == connection.id, JiraProject.types_wanted_at.is_not(None))
        .order_by(JiraProject.types_wanted_at)
        .limit(1)
    ).first()
    if project is None or project.types_wanted_at is None:
        return None
    parents = sent_values.parents_in(connection, project.project_id)
    return WantedProject(project.project_id, None, project.types_wanted_at, parents)


def _owed_check(connection: JiraConnection) -> WantedProject | None:
    """The next project with a mapping to check; all of its mappings are checked at one go."""
    rows = db.session.scalars(
        select(ProjectMapping)
        .where(
            ProjectMapping.is_on_site_of(connection), ProjectMapping.check_wanted_at.is_not(None)
        )
        .order_by(ProjectMapping.id)
    ).all()
    if not rows:
        return None
    project_id = rows[0].project_id
    wanted = [row for row in rows if row.project_id == project_id and row.check_wanted_at]
    type_ids = frozenset(row.issue_type_id for row in wanted)
    wanted_at = max(row.check_wanted_at for row in wanted if row.check_wanted_at)
    types_known = _types_known(connection.id, project_id)
    parents = sent_values.parents_in(connection, project_id)
    return WantedProject(project_id, type_ids if types_known else None, wanted_at, parents)


def _wanted_sprints(
    connection: JiraConnection, unanswered: Collection[str]
) -> WantedSprints | None:
    if connection.works[WorkKind.PEOPLE].due_at is None:
        return None
    found = active_sprints.unread(connection, unanswered)
    return WantedSprints(*found) if found else None


def _types_known(connection_id: int, project_id: str) -> bool:
    fetched = select(JiraProject.types_fetched_at).where(
        JiraProject.connection_id == connection_id, JiraProject.project_id == project_id
    )
    return db.session.scalar(fetched) is not None


def _owed_now(now: datetime) -> Select[int]:
    people = work_owed.due(WorkKind.PEOPLE, now)
    return (
        select(JiraConnection.id)
        .join(JiraConnection.organization)
        .where(
            *may_ask(now, even_suspended=True),
            installation_goes_on(now),
            work_owed.may_begin(WorkKind.METADATA, now),
            _owed(now, people),
        )
    )


def _is_owed_now(connection_id: int, now: datetime) -> bool:
    one = _owed_now(now).where(JiraConnection.id == connection_id)
    return db.session.scalar(one) is not None


def _owed(now: datetime, *more: Select[int]) -> ColumnElement[bool]:
    """What is wanted stands on the project list's work, on projects and on mappings.

    more: the ids of connections for another reason. One union: with OR between them, PostgreSQL
    would look at each connection.
    """
    types = select(JiraProject.connection_id).where(JiraProject.types_wanted_at.is_not(None))
    checks = (
        select(JiraConnection.id)
        .join(JiraConnection.mappings)
        .where(ProjectMapping.check_wanted_at.is_not(None))
    )
    projects = work_owed.due(WorkKind.METADATA, now)
    return JiraConnection.id.in_(union(projects, types, checks, *more))
