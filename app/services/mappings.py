"""What an organization has of Jira: its connection, its settings, and each team's project."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models import (
    ActionItem,
    IssueLink,
    JiraConnection,
    JiraSettings,
    LinkState,
    Organization,
    ProjectMapping,
    Team,
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


def mapping_for(team: Team) -> ProjectMapping | None:
    """Where the team's action items go: its override, else the default, else nowhere.

    A mapping to a project of another site than the connected one does not count.
    """
    return mappings_for(team.organization, [team]).get(team.id)


def mappings_for(organization: Organization, teams: Sequence[Team]) -> dict[int, ProjectMapping]:
    """The mappings in force, by team id; a team that goes nowhere is absent."""
    connection = connection_of(organization)
    if connection is None:
        return {}
    rows = {row.team_id: row for row in _mappings(organization.id, connection.cloud_id)}
    overrides = rows if _overrides_on(organization.id) else {}
    found = {team.id: overrides.get(team.id) or rows.get(None) for team in teams}
    return {team_id: mapping for team_id, mapping in found.items() if mapping is not None}


def failed_count(organization: Organization) -> int:
    """How many action items are in sync error: the number on the tab, the card and home."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(IssueLink)
            .join(IssueLink.connection)
            .join(IssueLink.action_item)
            .where(JiraConnection.organization_id == organization.id, *in_sync_error())
        )
        or 0
    )


def in_sync_error() -> tuple[ColumnElement[bool], ...]:
    """What makes an issue link, joined with its action item, count as failed."""
    return (
        IssueLink.active.is_(True),
        IssueLink.state == LinkState.ERROR,
        ActionItem.deleted_at.is_(None),
    )


def _mappings(organization_id: int, cloud_id: str) -> Sequence[ProjectMapping]:
    return db.session.scalars(
        select(ProjectMapping).where(
            ProjectMapping.organization_id == organization_id,
            ProjectMapping.cloud_id == cloud_id,
        )
    ).all()


def _overrides_on(organization_id: int) -> bool:
    return bool(
        db.session.scalar(
            select(JiraSettings.per_team_overrides).where(
                JiraSettings.organization_id == organization_id
            )
        )
    )
