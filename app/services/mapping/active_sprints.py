"""The active sprints of projects, as last read (jira-platform.md §11.3)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.clock import utcnow
from app.extensions import db
from app.jira.types import ActiveSprint
from app.models import JiraConnection, JiraProject, MappingValue, ProjectMapping
from app.services.field_values.field_kind import Sprint
from app.services.field_values.leaving_values import SPRINT

# A project is asked once in that time, however many issues are created in it.
FRESH = timedelta(minutes=10)


def as_kept(read: Iterable[ActiveSprint]) -> list[Sprint]:
    """What Jira has said, as it is kept."""
    return [Sprint(each.id, each.name, each.board_id) for each in read]


def known(connection_id: int, project_ids: Collection[str]) -> dict[str, list[Sprint]]:
    """By project id; one that was not read lately is absent."""
    if not project_ids:
        return {}
    rows = db.session.scalars(
        select(JiraProject).where(
            JiraProject.connection_id == connection_id,
            JiraProject.project_id.in_(project_ids),
            JiraProject.sprints_read_at > utcnow() - FRESH,
        )
    )
    return {
        row.project_id: [
            Sprint(each["id"], each["name"], each["board"]) for each in row.sprints or ()
        ]
        for row in rows
    }


def fresh_until(connection_id: int, project_id: str) -> datetime | None:
    """Until when nobody asks for those of a project again; None: they were never read."""
    read_at = db.session.scalar(
        select(JiraProject.sprints_read_at).where(
            JiraProject.connection_id == connection_id, JiraProject.project_id == project_id
        )
    )
    return read_at + FRESH if read_at else None


def unread(connection: JiraConnection, passed_over: Collection[str] = ()) -> tuple[str, str] | None:
    """A project whose new issues get the active sprint, and whose sprints nobody has read lately,
    with the id of their field; None: there is no such project but those that are passed over."""
    found = db.session.execute(
        select(ProjectMapping.project_id, MappingValue.field_id)
        .join(MappingValue, MappingValue.mapping_id == ProjectMapping.id)
        .join(JiraProject, JiraProject.project_id == ProjectMapping.project_id)
        .where(
            ProjectMapping.is_on_site_of(connection),
            MappingValue.kind == SPRINT,
            MappingValue.value.is_not(None),
            JiraProject.connection_id == connection.id,
            JiraProject.project_id.not_in(passed_over),
            or_(
                JiraProject.sprints_read_at.is_(None),
                JiraProject.sprints_read_at <= utcnow() - FRESH,
            ),
        )
        .order_by(ProjectMapping.id)
        .limit(1)
    ).one_or_none()
    return (found.project_id, found.field_id) if found else None


def last_read(connection_id: int, project_id: str) -> list[Sprint]:
    """Those of one project, however long ago: a board stays what it is."""
    kept = db.session.scalar(
        select(JiraProject.sprints).where(
            JiraProject.connection_id == connection_id, JiraProject.project_id == project_id
        )
    )
    return [Sprint(each["id"], each["name"], each["board"]) for each in kept or ()]


def store(connection_id: int, project_id: str, sprints: Sequence[Sprint]) -> None:
    """Remember what was read just now."""
    found = [{"id": each.id, "name": each.name, "board": each.board} for each in sprints]
    db.session.execute(
        update(JiraProject)
        .where(JiraProject.connection_id == connection_id, JiraProject.project_id == project_id)
        .values(sprints=found, sprints_read_at=utcnow())
    )
    db.session.flush()
