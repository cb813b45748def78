"""Accepting an invitation by the link that the address got."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.models import Invitation, Membership, Role, Team, TeamMember, User
from app.services.organizations import invitations, memberships, one_time_links
from tests.support import factories
from tests.support.acme import acme, person, team
from tests.support.invited import LINK
from tests.support.people import PASSWORD, Person

SignedIn = Callable[..., Person]
NORA, MAYA = "nora@acme.test", "member1@acme.test"
OWN = "my very own sentence"
NEW = {"name": "  Nora   New ", "password": OWN, "time_zone": "Europe/Berlin"}


@pytest.fixture
def link(sample: None, app: Flask) -> str:
    """The path of a link for Nora, who has no account, into Acme and Platform."""
    return link_of(invited())


def invited(email: str = NORA, role: Role = Role.MEMBER) -> Invitation:
    return invitations.invite(
        acme(), email=email, role=role, team_ids=[team().id], by=person("Adam")
    )


def link_of(invitation: Invitation) -> str:
    found = LINK.search(one_time_links.for_invitation(invitation))
    assert found
    return found[0]


def test_the_token_leaves_the_address_at_once(client: Person, link: str) -> None:
    answer = client.get(link)

    assert (answer.status_code, answer.location) == (303, "/invitation")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert link.rpartition("/")[2] not in client.get("/invitation").text


def test_somebody_new_chooses_name_and_password_and_is_in(client: Person, link: str) -> None:
    page = client.get(link, follow_redirects=True).page
    assert "Adam Novak invites nora@acme.test as a Member, for the team Platform." in page.text

    answer = client.post("/invitation", NEW)

    assert answer.location == "/organizations/acme"
    assert "You are now in Acme." in client.get(answer.location).page.text
    nora = db.session.query(User).filter_by(email=NORA).one()
    assert (nora.name, nora.time_zone) == ("Nora New", "Europe/Berlin")
    assert team().id in [row.team_id for row in db.session.query(TeamMember).filter_by(user=nora)]
    client.post("/sign-out")
    assert client.sign_in(NORA, OWN).status_code == 303


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "", "password": OWN}, "Enter your name."),
        ({"name": "Nora", "password": ""}, "Choose a password."),
        ({"name": "Nora", "password": "short"}, "5 characters. Add 7 more."),
        ({"name": "Nora", "password": "password1234"}, "one of the most common passwords"),
        ({"name": "Nora Lindholm", "password": "nora-lindholm"}, "mostly your name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    client: Person, link: str, form: dict[str, str], words: str
) -> None:
    client.get(link)

    answer = client.post("/invitation", form)

    assert answer.status_code == 422
    assert words in answer.page.text
    assert db.session.query(User).filter_by(email=NORA).count() == 0
    assert client.post("/invitation", NEW).location == "/organizations/acme"


def test_who_is_signed_in_under_the_address_joins_by_one_press(
    signed_in: SignedIn, sample: None, app: Flask
) -> None:
    owen = signed_in("owner@tiny.test")
    page = owen.get(link_of(invited("owner@tiny.test", Role.ADMIN)), follow_redirects=True).page
    assert "Acme then sees your name" in page.text

    answer = owen.post("/invitation")

    assert answer.location == "/organizations/acme"
    assert owen.get("/organizations/acme/settings/members").status_code == 200


def test_who_has_an_account_signs_in_and_comes_back_to_join(
    client: Person, sample: None, app: Flask
) -> None:
    page = client.get(link_of(invited("owner@tiny.test")), follow_redirects=True).page
    [way] = [a.get("href") for a in page.all("a") if a.text == "Sign in to join"]
    assert way == "/sign-in?next=/invitation"
    client.get(way)

    form = {"email": "owner@tiny.test", "password": PASSWORD, "next": "/invitation"}
    answer = client.post("/sign-in", form)

    assert answer.location == "/invitation"
    assert "Owen Tiny" in client.get("/invitation").page.text


def test_somebody_else_cannot_accept_and_learns_no_address(signed_in: SignedIn, link: str) -> None:
    maya = signed_in(MAYA)
    answer = maya.get(link, follow_redirects=True)
    assert "This invitation is for somebody else" in answer.page.text
    assert NORA not in answer.text

    assert maya.post("/invitation").location == "/invitation"
    assert db.session.query(User).filter_by(email=NORA).count() == 0

    assert maya.post("/invitation/sign-out").location == "/invitation"
    assert NORA in maya.get("/invitation").page.text


def test_a_second_press_finds_the_membership(client: Person, link: str) -> None:
    client.get(link)
    client.post("/invitation", NEW)
    client.get("/organizations/acme")

    assert client.post("/invitation", NEW).location == "/organizations/acme"
    assert client.get(link, follow_redirects=True).page.texts("h1") == ["Acme"]
    assert db.session.query(Membership).join(User).filter_by(email=NORA).count() == 1


def test_in_another_browser_a_second_press_asks_to_sign_in(
    client: Person, link: str, app: Flask
) -> None:
    client.get(link)
    client.post("/invitation", NEW)
    other = app.test_client()
    other.get(link)

    assert other.get("/invitation").location == "/organizations/acme"
    assert "/sign-in" in (other.get("/organizations/acme").location or "")


def test_whom_was_shown_out_does_not_come_back_by_the_old_link(client: Person, link: str) -> None:
    client.get(link)
    client.post("/invitation", NEW)
    membership = db.session.query(Membership).join(User).filter_by(email=NORA).one()
    memberships.remove_member(membership, person("Adam"))
    db.session.commit()
    client.get("/")

    client.post("/invitation")

    assert client.get("/organizations/acme").status_code == 404
    assert client.get(link, follow_redirects=True).status_code == 410


def test_it_ends_after_seven_days(client: Person, link: str) -> None:
    db.session.commit()
    with time_machine.travel(utcnow() + timedelta(days=7, seconds=1)):
        answer = client.get(link, follow_redirects=True)

    assert answer.status_code == 410
    assert "This invitation has ended" in answer.page.text


def test_it_ends_when_who_sent_it_is_no_admin_any_more(client: Person, link: str) -> None:
    client.get(link)
    client.get("/invitation")
    adam = next(m for m in acme().memberships if m.user.name == "Adam Novak")
    adam.role = Role.MEMBER

    client.post("/invitation", NEW)

    assert client.get("/invitation").status_code == 410
    assert db.session.query(User).filter_by(email=NORA).count() == 0


def test_a_team_that_is_gone_is_left_out(client: Person, sample: None, app: Flask) -> None:
    data = factories.team(acme(), "Data")
    invitation = invited()
    invitation.team_ids = [team().id, data.id]
    link = link_of(invitation)
    db.session.delete(data)
    client.get(link)

    client.post("/invitation", NEW)

    nora = db.session.query(User).filter_by(email=NORA).one()
    names = db.session.query(Team.name).join(TeamMember).filter_by(user_id=nora.id)
    assert [name for (name,) in names] == ["Platform"]


def test_a_link_that_nobody_made_opens_nothing(client: Person, app: Flask) -> None:
    answer = client.get(f"/invitations/{'x' * 43}", follow_redirects=True)

    assert answer.status_code == 410


@pytest.mark.both_databases
def test_of_several_presses_at_once_one_makes_the_account(
    link: str, app: Flask, client: Person
) -> None:
    db.session.commit()
    start, codes = threading.Barrier(4), []

    def press() -> None:
        browser = app.test_client()
        assert isinstance(browser, Person)
        browser.get(link, follow_redirects=True)
        start.wait()
        answer = browser.post("/invitation", NEW)
        while answer.status_code == 503:  # the line of passwords was long: the page sends it again
            answer = browser.post("/invitation", NEW)
        codes.append(answer.location)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes.count("/organizations/acme") >= 1
    assert set(codes) <= {"/organizations/acme", "/invitation"}
    assert db.session.query(User).filter_by(email=NORA).count() == 1
    assert db.session.query(Membership).join(User).filter_by(email=NORA).count() == 1
