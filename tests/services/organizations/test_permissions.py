"""The table of design.md §1, cell by cell."""

from dataclasses import dataclass

import pytest
from flask import Flask

from app.models import ActionItem, Retrospective, Role, User
from app.services.organizations import permissions
from tests.support import factories


@dataclass
class Cast:
    people: dict[str, User]
    retrospective: Retrospective
    items: dict[str, ActionItem]


@pytest.fixture
def cast(app: Flask) -> Cast:
    """A team with everybody who may be something to it, and three items of it."""
    owner = factories.user()
    organization = factories.organization(owner)
    people = {
        "owner": owner,
        "admin": factories.member(organization, role=Role.ADMIN),
        "facilitator": factories.member(organization),
        "member": factories.member(organization),
        "colleague": factories.member(organization),
        "stranger": factories.organization().memberships[0].user,
        "former member": factories.user(),
    }
    team = factories.team(organization)
    factories.team_member(team, people["facilitator"], facilitator=True)
    factories.team_member(team, people["member"])
    factories.team_member(team, people["former member"], facilitator=True)
    retrospective = factories.retrospective(team)
    items = {
        "own": factories.action_item(retrospective, created_by=people["member"]),
        "assigned": factories.action_item(retrospective, assignee=people["member"]),
        "other": factories.action_item(retrospective, created_by=people["owner"]),
    }
    return Cast(people, retrospective, items)


LEADERS = {"owner", "admin", "facilitator"}
TEAM = LEADERS | {"member"}


def allowed(cast: Cast, may: object, subject: object) -> set[str]:
    return {name for name, person in cast.people.items() if may(person, subject)}  # type: ignore[operator]


def test_the_team_reads_and_adds(cast: Cast) -> None:
    assert allowed(cast, permissions.may_read, cast.retrospective.team) == TEAM
    assert allowed(cast, permissions.may_add, cast.retrospective) == TEAM


def test_those_who_lead_start_and_move(cast: Cast) -> None:
    assert allowed(cast, permissions.may_lead, cast.retrospective.team) == LEADERS
    assert allowed(cast, permissions.may_move_phases, cast.retrospective) == LEADERS


@pytest.mark.parametrize("may", [permissions.may_edit, permissions.may_complete])
def test_members_edit_and_complete_what_is_theirs(cast: Cast, may: object) -> None:
    assert allowed(cast, may, cast.items["own"]) == TEAM
    assert allowed(cast, may, cast.items["assigned"]) == TEAM
    assert allowed(cast, may, cast.items["other"]) == LEADERS


@pytest.mark.parametrize("may", [permissions.may_delete, permissions.may_sync])
def test_members_delete_and_sync_nothing_not_even_their_own(cast: Cast, may: object) -> None:
    for item in cast.items.values():
        assert allowed(cast, may, item) == LEADERS


def test_those_who_lead_assign(cast: Cast) -> None:
    assert allowed(cast, permissions.may_assign, cast.retrospective.team) == LEADERS


def test_owner_and_admins_administer(cast: Cast) -> None:
    organization = cast.retrospective.team.organization

    assert allowed(cast, permissions.administers, organization) == {"owner", "admin"}
