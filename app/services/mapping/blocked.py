"""Mappings that are in use and cannot take action items, as their last check found."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.extensions import db
from app.models import (
    CheckState,
    ConnectionState,
    JiraConnection,
    JiraSettings,
    Organization,
    Plan,
    ProjectMapping,
)


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
        .join(JiraConnection, of_its_site())
        .join(Organization, Organization.id == JiraConnection.organization_id)
        .where(
            JiraConnection.state == ConnectionState.CONNECTED,
            Organization.plan != Plan.FREE,
            ProjectMapping.check_state == CheckState.BLOCKED,
            or_(ProjectMapping.team_id.is_(None), overrides_on.exists()),
        )
    )


def of_its_site() -> ColumnElement[bool]:
    """What ties a mapping to the connection whose site its project is on."""
    return and_(
        ProjectMapping.organization_id == JiraConnection.organization_id,
        ProjectMapping.cloud_id == JiraConnection.cloud_id,
    )
