"""Organization Settings: Members, Teams and Plan."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.models import (
    AuditEvent,
    Invitation,
    Membership,
    Organization,
    Plan,
    Role,
    Team,
    TeamMember,
    User,
)
from app.queue import KEEP_WEBHOOK, SYNC_CONNECTION
from app.services.organizations import memberships
from tests.support import factories
from tests.support.connected import Acme
from tests.support.people import PASSWORD, Person

SignedIn = Callable[..., Person]
SETTINGS = "/organizations/acme/settings"
MEMBERS, TEAMS, PLAN = f"{SETTINGS}/members", f"{SETTINGS}/teams", f"{SETTINGS}/plan"
OWNER, ADMIN, MAYA = "owner@acme.test", "admin@acme.test", "member1@acme.test"


@pytest.mark.parametrize("page", [MEMBERS, TEAMS, PLAN])
def test_settings_do_not_exist_for_members(signed_in: SignedIn, page: str) -> None:
    assert signed_in("facilitator@acme.test").get(page).status_code == 404
    assert signed_in("owner@tiny.test").get(page).status_code == 404
    assert signed_in(ADMIN).get(page).status_code == 200


def test_an_admin_makes_a_member_an_admin(signed_in: SignedIn) -> None:
    admin = signed_in(ADMIN)

    answer = admin.post(f"{MEMBERS}/{_membership(MAYA).id}/role", {"role": "admin"})

    assert answer.location == MEMBERS
    assert "Maya Lindqvist is now an Admin." in admin.get(MEMBERS).page.text
    assert _membership(MAYA).role is Role.ADMIN


@pytest.mark.parametrize("role", ["owner", "king", ""])
def test_nobody_becomes_owner_by_a_role(signed_in: SignedIn, role: str) -> None:
    answer = signed_in(ADMIN).post(f"{MEMBERS}/{_membership(MAYA).id}/role", {"role": role})

    assert answer.status_code == 403
    assert _membership(MAYA).role is Role.MEMBER


def test_the_owner_keeps_the_role(signed_in: SignedIn) -> None:
    admin, owner = signed_in(ADMIN), _membership(OWNER).id

    assert admin.post(f"{MEMBERS}/{owner}/role", {"role": "member"}).status_code == 403
    assert admin.post(f"{MEMBERS}/{owner}/removal").status_code == 403
    assert admin.get(f"{MEMBERS}/{owner}/removal").status_code == 403
    assert _membership(OWNER).role is Role.OWNER


def test_an_admin_who_steps_down_leaves_the_settings(signed_in: SignedIn) -> None:
    admin = signed_in(ADMIN)

    answer = admin.post(f"{MEMBERS}/{_membership(ADMIN).id}/role", {"role": "member"})

    assert answer.location == "/organizations/acme"
    assert admin.get(MEMBERS).status_code == 404


def test_the_owner_hands_over_and_is_an_admin_then(signed_in: SignedIn) -> None:
    owner, address = signed_in(OWNER), f"{MEMBERS}/{_membership(ADMIN).id}/ownership"

    assert "Make Adam Novak the Owner?" in owner.get(address).page.text
    owner.post(address, {"own_password": PASSWORD})

    assert _membership(ADMIN).role is Role.OWNER
    assert _membership(OWNER).role is Role.ADMIN


def test_an_admin_cannot_take_the_ownership(signed_in: SignedIn) -> None:
    admin, address = signed_in(ADMIN), f"{MEMBERS}/{_membership(ADMIN).id}/ownership"

    assert "Make Owner" not in admin.get(MEMBERS).page.text
    assert admin.get(address).status_code == 403
    assert admin.post(address).status_code == 403


def test_who_is_removed_has_no_access_and_is_in_no_team(signed_in: SignedIn) -> None:
    maya, admin = signed_in(MAYA), signed_in(ADMIN)
    address = f"{MEMBERS}/{_membership(MAYA).id}/removal"

    assert "they stay with Maya Lindqvist" in admin.get(address).page.text
    admin.post(address)

    assert maya.get("/organizations/acme").status_code == 404
    assert db.session.query(TeamMember).filter_by(user_id=_user(MAYA).id).count() == 0


def test_a_member_of_another_organization_is_not_found(signed_in: SignedIn) -> None:
    other = factories.organization().memberships[0]
    db.session.commit()

    answer = signed_in(ADMIN).post(f"{MEMBERS}/{other.id}/role", {"role": "member"})

    assert answer.status_code == 404


def test_changes_of_roles_are_recorded(signed_in: SignedIn) -> None:
    signed_in(ADMIN).post(f"{MEMBERS}/{_membership(MAYA).id}/role", {"role": "admin"})

    [event] = db.session.query(AuditEvent).all()
    assert (event.action, event.user_id) == ("role-changed", _user(ADMIN).id)
    assert event.details == {"member": _user(MAYA).id, "before": "member", "role": "admin"}


def test_an_admin_creates_a_team_and_fills_it(signed_in: SignedIn) -> None:
    admin = signed_in(ADMIN)
    page = admin.post(TEAMS, {"name": "Data"}).location
    assert page is not None

    admin.post(f"{page}/members", {"user": str(_user(MAYA).id), "facilitator": "y"})

    assert "Maya Lindqvist Facilitator" in admin.get(page).page.text
    assert "facilitated by Maya Lindqvist" in admin.get(TEAMS).page.text


def test_two_teams_cannot_have_one_name(signed_in: SignedIn) -> None:
    admin = signed_in(ADMIN)

    for address in (TEAMS, f"{TEAMS}/{_team('Mobile').id}"):
        answer = admin.post(address, {"name": "Platform"})
        assert answer.status_code == 422
        assert "Another team already has this name." in answer.page.text


def test_a_team_is_renamed(signed_in: SignedIn) -> None:
    team_id = _team("Mobile").id

    signed_in(ADMIN).post(f"{TEAMS}/{team_id}", {"name": "  Mobile   Apps "})

    assert db.session.get_one(Team, team_id).name == "Mobile Apps"


def test_somebody_facilitates_and_no_longer_does(signed_in: SignedIn) -> None:
    admin, row = signed_in(ADMIN), _row("Platform", MAYA)
    address = f"{TEAMS}/{row.team_id}/members/{row.id}"

    admin.post(address, {"facilitator": "yes"})
    assert _row("Platform", MAYA).facilitator
    admin.post(address, {"facilitator": "no"})
    assert not _row("Platform", MAYA).facilitator


def test_somebody_leaves_a_team(signed_in: SignedIn) -> None:
    row = _row("Platform", MAYA)
    team_id, row_id = row.team_id, row.id

    signed_in(ADMIN).post(f"{TEAMS}/{team_id}/members/{row_id}/removal")

    assert signed_in(MAYA).get(f"/organizations/acme/teams/{team_id}").status_code == 404


def test_only_people_of_the_organization_join_its_teams(signed_in: SignedIn) -> None:
    stranger = _user("owner@tiny.test").id

    answer = signed_in(ADMIN).post(f"{TEAMS}/{_team('Mobile').id}/members", {"user": str(stranger)})

    assert answer.status_code == 422


def test_the_plan_page_says_what_each_plan_includes(signed_in: SignedIn) -> None:
    page = signed_in(ADMIN).get(PLAN).page

    assert page.texts("h2")[1:] == ["Free", "Pro", "Enterprise"]
    assert "Only the Owner changes the plan." in page.text
    assert "Switch to" not in page.text


def test_only_the_owner_changes_the_plan(signed_in: SignedIn) -> None:
    admin = signed_in(ADMIN)

    assert admin.get(f"{PLAN}/change/free").status_code == 403
    assert admin.post(f"{PLAN}/change/free").status_code == 403
    assert _acme().plan is Plan.PRO


def test_the_owner_changes_the_plan(signed_in: SignedIn) -> None:
    owner = signed_in(OWNER)

    assert "Free does not include Jira." in owner.get(f"{PLAN}/change/free").page.text
    owner.post(f"{PLAN}/change/free")

    assert "Acme is on Free." in owner.get(PLAN).page.text


def test_a_plan_that_does_not_exist_is_not_found(signed_in: SignedIn) -> None:
    assert signed_in(OWNER).post(f"{PLAN}/change/gold").status_code == 404


def test_free_keeps_the_grant_and_coming_back_lets_go_of_what_waited(
    signed_in: SignedIn, acme: Acme, queued: Callable[[], list[object]], app: Flask
) -> None:
    owner = signed_in(OWNER)
    assert "held, not lost" in owner.get(f"{PLAN}/change/free").page.text

    owner.post(f"{PLAN}/change/free")
    assert acme.connection.refresh_token is not None
    assert queued() == []

    owner.post(f"{PLAN}/change/enterprise")
    rung = {job.func_name for job in queued()}  # type: ignore[attr-defined]
    assert rung == {SYNC_CONNECTION, KEEP_WEBHOOK}


def _acme() -> Organization:
    db.session.expire_all()
    return db.session.query(Organization).filter_by(slug="acme").one()


def _user(email: str) -> User:
    return db.session.query(User).filter_by(email=email).one()


def _membership(email: str) -> Membership:
    rows = db.session.query(Membership).populate_existing()
    return rows.filter_by(organization_id=_acme().id, user_id=_user(email).id).one()


def _team(name: str) -> Team:
    return db.session.query(Team).filter_by(name=name).one()


def _row(team: str, email: str) -> TeamMember:
    rows = db.session.query(TeamMember).populate_existing()
    return rows.filter_by(team_id=_team(team).id, user_id=_user(email).id).one()


@pytest.mark.both_databases
@pytest.mark.parametrize("act", ["role", "removal", "invitation"])
def test_who_was_made_a_member_while_waiting_for_the_lock_changes_nobody(
    signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """What the lock was waited for is there when it is had: here, another admin's change."""
    admin, maya = signed_in(ADMIN), _membership(MAYA)
    adams, number, real = _membership(ADMIN).id, maya.id, memberships.lock
    path, form = {
        "role": (f"members/{number}/role", {"role": "admin"}),
        "removal": (f"members/{number}/removal", {}),
        "invitation": ("invitations", {"email": "n@acme.test", "role": "member", "team": ""}),
    }[act]

    def lock(organization: Organization) -> None:
        lowered = update(Membership).where(Membership.id == adams).values(role=Role.MEMBER)
        db.session.execute(lowered, execution_options={"synchronize_session": False})
        real(organization)

    monkeypatch.setattr(memberships, "lock", lock)
    answer = admin.post(f"{SETTINGS}/{path}", form)

    assert answer.status_code == 404
    db.session.expire_all()
    assert db.session.get_one(Membership, number).role is Role.MEMBER
    assert db.session.query(Invitation).count() == 0
