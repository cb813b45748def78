"""Mappings that are in use and cannot take action items, as their last check found."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    CheckState,
    JiraConnection,
    JiraSettings,
    Organization,
    ProjectMapping,
)
from app.models.obstacles import may_ask


def of_connection(connection_id: int) -> Sequence[ProjectMapping]:
    """The connection's blocked mappings, the default one first; none while it does not work."""
    order = (ProjectMapping.team_id.is_not(None), ProjectMapping.id)
    found = blocked().where(JiraConnection.id == connection_id).order_by(*order)
    return db.session.scalars(found).all()


def of_organization(organization: Organization) -> Sequence[ProjectMapping]:
    """The same for the organization's connection."""
    order = (ProjectMapping.team_id.is_not(None), ProjectMapping.id)
    found = blocked().where(JiraConnection.organization_id == organization.id).order_by(*order)
    return db.session.scalars(found).all()


def blocked() -> Select[ProjectMapping]:
    """All of them, with their JiraConnection, to be narrowed.

    An override does not count while overrides are off, nor a project on another site.
    """
    overrides_on = select(JiraSettings.id).where(
        JiraSettings.organization_id == ProjectMapping.organization_id,
        JiraSettings.per_team_overrides,
    )
    return (
        select(ProjectMapping)
        .select_from(JiraConnection)
        .join(JiraConnection.mappings)
        .join(JiraConnection.organization)
        .where(
            *may_ask(utcnow(), even_paused=True, even_suspended=True),
            ProjectMapping.check_state == CheckState.BLOCKED,
            or_(ProjectMapping.team_id.is_(None), overrides_on.exists()),
        )
    )
