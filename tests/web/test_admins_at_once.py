"""Two admins at the same moment: the one who comes second is judged by what the first one did."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.models import Invitation, Role, TeamMember
from app.services.organizations import (
    accounts,
    invitations,
    memberships,
    one_time_links,
    teams,
)
from tests.support import factories
from tests.support.acme import acme, facilitators, person, team
from tests.support.at_once import meanwhile
from tests.support.people import Person

pytestmark = pytest.mark.both_databases

SignedIn = Callable[..., Person]
SETTINGS = "/organizations/acme/settings"
TEAMS, INVITATIONS = f"{SETTINGS}/teams", f"{SETTINGS}/invitations"


@pytest.fixture
def two_facilitate(app: Flask, sample: None) -> None:
    teams.add_team_member(team(), person("Maya"), facilitator=True, by=person("Adam"))
    db.session.commit()


def row_of(name: str) -> TeamMember:
    return next(row for row in team().team_members if row.user == person(name))


@pytest.mark.parametrize("what", ["", "/removal"])
def test_two_who_take_the_last_two_facilitators_leave_one(
    two_facilitate: None, signed_in: SignedIn, what: str
) -> None:
    admin = signed_in("admin@acme.test")
    address = f"{TEAMS}/{team().id}/members/{row_of('Maya').id}{what}"
    admin.get(TEAMS)

    teams.add_team_member(team(), person("Fatima"), facilitator=False, by=person("Olga"))
    commit = meanwhile(lambda: admin.post(address, {"facilitator": "no"}).status_code)

    assert commit() == 422
    assert facilitators() == ["Maya Lindqvist"]


def test_who_is_no_admin_any_more_changes_no_team(
    two_facilitate: None, signed_in: SignedIn
) -> None:
    admin = signed_in("admin@acme.test")
    address = f"{TEAMS}/{team().id}/members/{row_of('Maya').id}/removal"
    admin.get(TEAMS)

    memberships.remove_member(person("Adam").memberships[0], by=person("Olga"))
    commit = meanwhile(lambda: admin.post(address).status_code)

    assert commit() == 404
    assert facilitators() == ["Fatima Said", "Maya Lindqvist"]


@pytest.mark.parametrize("what", ["renewal", "removal"])
def test_who_is_no_admin_any_more_changes_no_invitation(
    sample: None, signed_in: SignedIn, what: str
) -> None:
    admin, invitation = signed_in("admin@acme.test"), factories.invitation(acme(), person("Olga"))
    address, sent_at = f"{INVITATIONS}/{invitation.id}/{what}", invitation.sent_at
    admin.get(TEAMS)

    memberships.change_role(person("Adam").memberships[0], Role.MEMBER, by=person("Olga"))
    commit = meanwhile(lambda: admin.post(address).status_code)

    assert commit() == 404
    db.session.expire_all()
    [left] = db.session.query(Invitation).all()
    assert left.sent_at == sent_at


@pytest.mark.parametrize("what", ["renewal", "removal"])
def test_an_invitation_that_is_accepted_just_now_is_not_changed(
    sample: None, signed_in: SignedIn, what: str
) -> None:
    olga, admin = person("Olga"), signed_in("admin@acme.test")
    nora = accounts.create_user("nora@acme.test", "Nora New")
    invitation = invitations.invite(
        acme(), email=nora.email, role=Role.MEMBER, team_ids=[], by=olga
    )
    token = one_time_links.for_invitation(invitation).rpartition("/")[2]
    db.session.commit()
    address = f"{INVITATIONS}/{invitation.id}/{what}"
    admin.get(TEAMS)

    invitations.accept(token, nora)
    commit = meanwhile(lambda: admin.post(address).status_code)

    assert commit() == 409
