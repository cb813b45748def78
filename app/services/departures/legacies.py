"""What somebody leaves behind in an organization, and to whom it may go. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, selectinload

from app.extensions import db
from app.models import ActionItem, Membership, Retrospective, Team, TeamMember, User
from app.services.organizations import permissions, teams


@dataclass(frozen=True)
class Legacy:
    """What somebody leaves behind in one team, and to whom it may go.

    items: open and theirs. heirs: who may be handed them. alone: nobody else facilitates the team.
    successors: who may be made a facilitator instead.
    """

    team: Team
    items: list[ActionItem]
    heirs: list[User]
    alone: bool
    successors: list[User]


def legacies_of(membership: Membership, by: User | None) -> list[Legacy]:
    """What is left in each team where there is anything, by name; `by` may hand over what they may
    do otherwise, too (nobody: the operator's command line)."""
    items = _open_items(membership)
    found = [_legacy(team, membership.user, items, by) for team in _teams_of(membership, items)]
    return [each for each in found if each.items or each.alone]


def _teams_of(membership: Membership, items: Iterable[ActionItem]) -> Iterable[Team]:
    """Where the person has items or facilitates, by name, each with its people."""
    own = teams.facilitated_by(membership.user).get(membership.organization_id, [])
    ids = {item.retrospective.team_id for item in items} | {team.id for team in own}
    people = selectinload(Team.team_members).joinedload(TeamMember.user, innerjoin=True)
    return db.session.scalars(
        select(Team).where(Team.id.in_(ids)).order_by(Team.name).options(people)
    )


def _open_items(membership: Membership) -> list[ActionItem]:
    found = open_items(membership.user_id, membership.organization_id)
    with_team = contains_eager(ActionItem.retrospective).contains_eager(Retrospective.team)
    return list(db.session.scalars(found.options(with_team)))


def open_items(user_id: int, organization_id: int) -> Select[Any]:
    """Select the person's open action items in an organization, by id."""
    return (
        select(ActionItem)
        .join(ActionItem.retrospective)
        .join(Retrospective.team)
        .where(
            ActionItem.assignee_id == user_id,
            ActionItem.deleted_at.is_(None),
            ActionItem.completed_at.is_(None),
            Team.organization_id == organization_id,
        )
        .order_by(ActionItem.id)
    )


def _legacy(team: Team, person: User, items: Iterable[ActionItem], by: User | None) -> Legacy:
    inside = [row for row in team.team_members if row.user_id == person.id]
    others = sorted(teams.people_of(team) - {person}, key=lambda user: user.name.casefold())
    return Legacy(
        team=team,
        items=[item for item in items if item.retrospective.team_id == team.id],
        heirs=others if by is None or permissions.may_assign(by, team) else [],
        alone=bool(inside) and teams.facilitators_of(team) == [person],
        successors=others if by is None or permissions.administers(by, team.organization) else [],
    )
