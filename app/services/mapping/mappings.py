"""Which Jira project and issue type a team's action items go to."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.models import (
    Organization,
    ProjectMapping,
    Team,
)
from app.services.mapping.checks import Finding, denied_by


@dataclass(frozen=True)
class Target:
    project_id: str
    project_key: str
    issue_type_id: str


@dataclass(frozen=True)
class Place:
    """Where an issue is, whatever its team is mapped to."""

    project_id: str
    issue_type_id: str


def mapping_for(team: Team) -> ProjectMapping | None:
    """Where the team's action items go: its override, else the default, else nowhere.

    A mapping to a project of another site than the connected one does not count.
    """
    return mappings_for(team.organization, [team]).get(team.id)


def mappings_for(organization: Organization, teams: Sequence[Team]) -> dict[int, ProjectMapping]:
    """The mappings in force, by team id; a team that goes nowhere, or does not sync, is absent."""
    connection = organization.connection
    if connection is None:
        return {}
    rows = {row.team_id: row for row in connection.mappings}
    settings = organization.settings
    overrides = rows if settings is not None and settings.per_team_overrides else {}
    synced = [team for team in teams if not does_not_sync(team)]
    found = {team.id: overrides.get(team.id) or rows.get(None) for team in synced}
    return {team_id: mapping for team_id, mapping in found.items() if mapping is not None}


def does_not_sync(team: Team) -> bool:
    """Whether the team's override says so: Commit opens no links, and none is pushed."""
    settings = team.organization.settings
    return team.do_not_sync and settings is not None and settings.per_team_overrides


def denied_to(organization: Organization) -> dict[Target, frozenset[str]]:
    """The ids of fields that the account may not set, by target, as the last checks have found."""
    connection = organization.connection
    return {
        target_of(mapping): denied_by(map(Finding.kept, mapping.findings))
        for mapping in (connection.mappings if connection else ())
    }


def targets_for(organization: Organization, teams: Sequence[Team]) -> dict[int, Target]:
    """The same as values, for whoever lets go of the rows."""
    return {
        team_id: target_of(mapping)
        for team_id, mapping in mappings_for(organization, teams).items()
    }


def target_of(mapping: ProjectMapping) -> Target:
    """Where a mapping's new issues are created."""
    return Target(mapping.project_id, mapping.project_key, mapping.issue_type_id)
