"""Two admins at the same moment: a team does not lose its last facilitators to both of them."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.models import TeamMember
from app.services.organizations import memberships, teams
from tests.support.acme import facilitators, person, team
from tests.support.people import Person

pytestmark = pytest.mark.both_databases

SignedIn = Callable[..., Person]
TEAMS = "/organizations/acme/settings/teams"


@pytest.fixture
def two_facilitate(app: Flask, sample: None) -> None:
    teams.add_team_member(team(), person("Maya"), facilitator=True, by=person("Adam"))
    db.session.commit()


def row_of(name: str) -> TeamMember:
    return next(row for row in team().team_members if row.user == person(name))


def at_that_moment(post: Callable[[], object]) -> threading.Thread:
    """Pressed by another admin, who has to wait for what this one does."""
    press = threading.Thread(target=post)
    press.start()
    press.join(timeout=1)
    assert press.is_alive()
    return press


@pytest.mark.parametrize("what", ["", "/removal"])
def test_two_who_take_the_last_two_leave_one(
    two_facilitate: None, signed_in: SignedIn, what: str
) -> None:
    admin, answers = signed_in("admin@acme.test"), []
    address = f"{TEAMS}/{team().id}/members/{row_of('Maya').id}{what}"
    admin.get(TEAMS)

    teams.add_team_member(team(), person("Fatima"), facilitator=False, by=person("Olga"))
    press = at_that_moment(lambda: answers.append(admin.post(address, {"facilitator": "no"})))
    db.session.commit()
    press.join()

    assert [answer.status_code for answer in answers] == [422]
    assert facilitators() == ["Maya Lindqvist"]


def test_who_is_no_admin_any_more_changes_no_team(
    two_facilitate: None, signed_in: SignedIn
) -> None:
    admin, answers = signed_in("admin@acme.test"), []
    address = f"{TEAMS}/{team().id}/members/{row_of('Maya').id}/removal"
    admin.get(TEAMS)

    memberships.remove_member(person("Adam").memberships[0], by=person("Olga"))
    press = at_that_moment(lambda: answers.append(admin.post(address)))
    db.session.commit()
    press.join()

    assert [answer.status_code for answer in answers] == [404]
    assert facilitators() == ["Fatima Said", "Maya Lindqvist"]
