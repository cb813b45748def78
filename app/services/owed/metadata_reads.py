"""Asking for what Jira should tell of projects, issue types and checks.

A page writes down what it wants and shows what is there; `jobs/refresh_metadata.py` works it off.
So no page waits for Atlassian, and settings can be saved while Jira is down.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import or_, update

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, JiraProject, ProjectMapping, WorkKind
from app.queue import REFRESH_METADATA, ring_after_commit
from app.services.transactions import rows_changed

# A project chosen again within this time shows its types without asking Jira anew.
TYPES_STAY_FRESH = timedelta(minutes=5)
PROJECTS_STAY_FRESH = timedelta(minutes=10)


def want_projects(connection: JiraConnection) -> None:
    """Have the project list read again, now even if an earlier failure asked to wait."""
    connection.works[WorkKind.METADATA].due_at = utcnow()
    ring(connection)


def want_types(connection: JiraConnection, project_ids: Iterable[str]) -> None:
    """Have the issue types of these projects read, unless that was done a moment ago."""
    now = utcnow()
    stale = or_(
        JiraProject.types_fetched_at.is_(None),
        JiraProject.types_fetched_at < now - TYPES_STAY_FRESH,
    )
    wanted = rows_changed(
        db.session(),
        update(JiraProject)
        .where(
            JiraProject.connection_id == connection.id,
            JiraProject.project_id.in_(list(project_ids)),
            JiraProject.types_wanted_at.is_(None),
            stale,
        )
        .values(types_wanted_at=now),
    )
    if wanted:
        ring(connection)


def owe_checks(connection: JiraConnection) -> None:
    """Have every mapping to the connected site checked again."""
    db.session.execute(
        update(ProjectMapping)
        .where(ProjectMapping.is_on_site_of(connection))
        .values(check_wanted_at=utcnow(), check_unasked=False)
    )
    ring(connection)


def want_people(connection: JiraConnection, now: datetime) -> None:
    """Have the members looked up of whom nothing is known, or nothing recent. `now`: aware UTC."""
    work = connection.works[WorkKind.PEOPLE]
    work.due_at, work.error = now, None
    ring(connection)


def ring(connection: JiraConnection) -> None:
    """Have what is owed worked off now, even if an earlier failure asked to wait."""
    connection.works[WorkKind.METADATA].settle()
    db.session.flush()
    ring_after_commit(connection.id, REFRESH_METADATA)
