"""What an organization has of Jira: its connection and its settings."""

from sqlalchemy import select

from app.extensions import db
from app.models import (
    JiraConnection,
    JiraSettings,
    Organization,
)


def connection_of(organization: Organization) -> JiraConnection | None:
    """The organization's connection, in whatever state; None if it never had one."""
    return db.session.scalar(
        select(JiraConnection).where(JiraConnection.organization_id == organization.id)
    )


def settings_of(organization: Organization) -> JiraSettings | None:
    """The organization's row of settings; None before it ever connected."""
    return db.session.scalar(
        select(JiraSettings).where(JiraSettings.organization_id == organization.id)
    )
