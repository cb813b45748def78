"""Organization Settings, Members: asking somebody to join."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, Invitation, Mail
from tests.support import factories
from tests.support.acme import person, team
from tests.support.invited import links_for
from tests.support.people import Answer, Person

SignedIn = Callable[..., Person]
Work = Callable[[], object]
MEMBERS = "/organizations/acme/settings/members"
INVITATIONS = "/organizations/acme/settings/invitations"
ADMIN, NORA = "admin@acme.test", "nora@acme.test"


def invite(by: Person, email: str = NORA, role: str = "member", team_id: str = "") -> Answer:
    return by.post(INVITATIONS, {"email": email, "role": role, "team": team_id})


def test_an_address_is_asked_and_gets_one_e_mail(signed_in: SignedIn, work: Work) -> None:
    admin = signed_in(ADMIN)

    answer = invite(admin, " Nora@Acme.test", "admin", str(team("Mobile").id))
    page = admin.get(MEMBERS).page
    work()

    assert answer.location == MEMBERS
    assert "Invitation sent to nora@acme.test." in page.text
    assert "nora@acme.test By you · Just now Admin, Mobile Until" in page.text
    [mail] = db.session.query(Mail).all()
    assert (mail.recipients, mail.subject) == ([NORA], "Adam Novak invites you to Acme")
    assert "as an Admin, for the team Mobile." in (mail.text or "")


def test_an_address_with_and_one_without_an_account_read_the_same(signed_in: SignedIn) -> None:
    admin = signed_in(ADMIN)
    known, unknown = "owner@tiny.test", "noone@tiny.test"

    said = []
    for address in (known, unknown):
        answer = invite(admin, address)
        assert answer.location
        said.append(admin.get(answer.location).page.text.replace(address, "ADDRESS"))
        row = db.session.query(Invitation).one()
        db.session.commit()
        admin.post(f"{INVITATIONS}/{row.id}/removal")
        admin.get(MEMBERS)

    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "Enter an e-mail address."),
        ("nora", "This is not an e-mail address."),
        ("member1@acme.test", "This person is already a member."),
    ],
)
def test_what_is_wrong_with_an_address_is_said(signed_in: SignedIn, email: str, words: str) -> None:
    answer = invite(signed_in(ADMIN), email)

    assert answer.status_code == 422
    assert words in answer.page.text
    assert db.session.query(Invitation).count() == 0


@pytest.mark.parametrize("role", ["owner", "king", ""])
def test_nobody_is_invited_as_the_owner(signed_in: SignedIn, role: str) -> None:
    assert invite(signed_in(ADMIN), role=role).status_code == 422
    assert db.session.query(Invitation).count() == 0


def test_the_team_of_another_organization_is_none(signed_in: SignedIn) -> None:
    foreign = factories.team(factories.organization())

    assert invite(signed_in(ADMIN), team_id=str(foreign.id)).status_code == 422


def test_sending_again_replaces_what_was_sent(
    signed_in: SignedIn, client: Person, work: Work
) -> None:
    admin = signed_in(ADMIN)
    invite(admin)
    work()
    row = db.session.query(Invitation).one()

    answer = admin.post(f"{INVITATIONS}/{row.id}/renewal")
    work()

    assert answer.location == MEMBERS
    newest, earlier = links_for(NORA)
    assert client.get(earlier, follow_redirects=True).status_code == 410
    assert client.get(newest, follow_redirects=True).status_code == 200


def test_inviting_an_address_again_replaces_role_and_link(
    signed_in: SignedIn, client: Person, work: Work
) -> None:
    admin = signed_in(ADMIN)
    for role in ("member", "admin"):
        invite(admin, role=role)
        work()

    [row] = db.session.query(Invitation).all()
    assert row.role == "admin"
    assert client.get(links_for(NORA)[1], follow_redirects=True).status_code == 410


def test_what_is_taken_back_opens_nothing_and_is_not_sent(
    signed_in: SignedIn, client: Person, work: Work
) -> None:
    admin = signed_in(ADMIN)
    invite(admin)
    work()
    invite(admin)
    row = db.session.query(Invitation).one()
    db.session.commit()

    admin.post(f"{INVITATIONS}/{row.id}/removal")
    work()

    assert "is taken back." in admin.get(MEMBERS).page.text
    assert len(links_for(NORA)) == 1
    assert client.get(links_for(NORA)[0], follow_redirects=True).status_code == 410


def test_an_ended_invitation_says_so_and_can_be_sent_again(signed_in: SignedIn) -> None:
    admin = signed_in(ADMIN)
    invite(admin)
    with time_machine.travel(utcnow() + timedelta(days=8)):
        later = signed_in(ADMIN)
        page = later.get(MEMBERS).page
        row = db.session.query(Invitation).one()
        db.session.commit()
        later.post(f"{INVITATIONS}/{row.id}/renewal")
        after = later.get(MEMBERS).page

    assert "Ended" in page.text
    assert "Until" in after.text


def test_an_invitation_of_another_organization_is_not_found(signed_in: SignedIn) -> None:
    other = factories.organization()
    row = factories.invitation(other, other.memberships[0].user)

    for change in ("renewal", "removal"):
        assert signed_in(ADMIN).post(f"{INVITATIONS}/{row.id}/{change}").status_code == 404


@pytest.mark.environment(UNPACK_DEMO="0")
def test_without_a_mail_server_the_operator_passes_the_link_on(
    app: Flask, signed_in: SignedIn, client: Person
) -> None:
    admin = signed_in(ADMIN)
    invite(admin)
    page = admin.get(MEMBERS).page
    assert "this installation sends no e-mail" in page.text
    assert f"flask invitations link acme {NORA}" in page.text

    said = app.test_cli_runner().invoke(args=["invitations", "link", "acme", NORA]).output

    path = said.splitlines()[-1].removeprefix("http://localhost:5050")
    assert "Join Acme" in client.get(path, follow_redirects=True).page.text


@pytest.mark.environment(UNPACK_DEMO="0")
def test_a_command_that_the_operator_copies_runs_nothing_else(
    signed_in: SignedIn, client: Person
) -> None:
    address = "a|touch${ifs}x|`id`@evil.example"
    admin = signed_in(ADMIN)
    invite(admin, address)
    client.get("/password/forgotten")
    client.post("/password/forgotten", {"email": address})

    assert f"flask invitations link acme '{address}'" in admin.get(MEMBERS).page.text
    assert f"flask users link '{address}'" in client.get("/password/forgotten/sent").page.text


def test_the_operator_is_told_when_there_is_no_invitation(app: Flask, sample: None) -> None:
    said = app.test_cli_runner().invoke(args=["invitations", "link", "acme", NORA])

    assert said.exit_code != 0
    assert "Acme has no open invitation for" in said.output


def test_who_asked_whom_is_recorded_without_an_address(signed_in: SignedIn) -> None:
    admin = signed_in(ADMIN)
    invite(admin)
    row_id = db.session.query(Invitation).one().id
    db.session.commit()
    admin.post(f"{INVITATIONS}/{row_id}/renewal")
    admin.post(f"{INVITATIONS}/{row_id}/removal")

    events = db.session.query(AuditEvent).order_by(AuditEvent.id).all()
    assert [event.action for event in events] == ["invited", "invited-again", "invitation-removed"]
    assert {event.user_id for event in events} == {person("Adam").id}
    assert "nora" not in repr([event.details for event in events])


def test_a_page_of_members_says_who_is_in_which_team(signed_in: SignedIn) -> None:
    page = signed_in(ADMIN).get(MEMBERS).page

    assert "Mobile, facilitates; Platform" in page.text
