"""Which past action items have no issue yet, and what an admin chooses of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.extensions import db
from app.models import ActionItem, Organization, ProjectMapping, Retrospective, Team
from app.models.few_rows import never_linked
from app.services import item_changes
from app.services.counts import Count, counted
from app.services.grants.asking import usable_connection
from app.services.mapping.mappings import does_not_sync, mappings_for
from app.services.outbound import links


@dataclass(frozen=True)
class Wanted:
    """What an admin asks for. `team_ids` None: every team that has a project; `since`: of
    retrospectives held on that day or later."""

    team_ids: frozenset[int] | None = None
    since: date | None = None


@dataclass(frozen=True)
class TeamChoice:
    """A team with past action items: how many there are, and where they would go."""

    team: Team
    count: int
    mapping: ProjectMapping | None
    chosen: bool

    @property
    def left_out(self) -> bool:
        """Whether it goes nowhere because it does not sync."""
        return does_not_sync(self.team)


@dataclass(frozen=True)
class Choice:
    """What there is to choose from, and what is chosen."""

    teams: Sequence[TeamChoice]
    since: date | None

    @property
    def chosen(self) -> list[TeamChoice]:
        return [each for each in self.teams if each.chosen]

    @property
    def count(self) -> int:
        """How many action items would be synced."""
        return sum(each.count for each in self.chosen)


def choice_of(organization: Organization, wanted: Wanted) -> Choice:
    """What `wanted` comes to. A team without a project, or of somebody else, is never chosen."""
    every = _count_by_team(past_items(organization.id))
    counts = every
    if wanted.since is not None:
        counts = _count_by_team(past_items(organization.id, since=wanted.since))
    teams = [team for team in organization.teams if team.id in every]
    mappings = mappings_for(organization, teams)
    return Choice(
        [
            TeamChoice(
                team, counts.get(team.id, 0), mappings.get(team.id), _chosen(team, mappings, wanted)
            )
            for team in teams
        ],
        wanted.since,
    )


def ready_count(organization: Organization) -> Count:
    """How many past action items could be synced now: 0 while nothing can be sent at all."""
    if usable_connection(organization) is None:
        return Count(0)
    mapped = mappings_for(organization, organization.teams)
    return counted(past_items(organization.id, team_ids=list(mapped)))


def past_items(
    organization_id: int,
    *,
    team_ids: Collection[int] | None = None,
    since: date | None = None,
    open_before: datetime | None = None,
) -> Select[Any]:
    """Select the open action items of committed retrospectives that never had a link.

    `open_before` (aware UTC) leaves out what was added, reopened or taken up at that moment or
    later.
    """
    found = (
        select(ActionItem)
        .join(ActionItem.retrospective)
        .join(Retrospective.team)
        .where(
            Team.organization_id == organization_id,
            ActionItem.id.in_(never_linked(organization_id)),
            Retrospective.committed_at.is_not(None),
            ActionItem.completed_at.is_(None),
            ActionItem.deleted_at.is_(None),
            ~links.ever_linked(),
        )
    )
    if team_ids is not None:
        found = found.where(Team.id.in_(team_ids))
    if since is not None:
        found = found.where(Retrospective.held_on >= since)
    if open_before is not None:
        since_then = item_changes.opened_since(open_before)
        found = found.where(ActionItem.created_at < open_before, ~since_then)
    return found


def _count_by_team(items: Select[Any]) -> dict[int, int]:
    counted = items.with_only_columns(Team.id, func.count(ActionItem.id)).group_by(Team.id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def _chosen(team: Team, mappings: Mapping[int, ProjectMapping], wanted: Wanted) -> bool:
    return team.id in mappings and (wanted.team_ids is None or team.id in wanted.team_ids)
