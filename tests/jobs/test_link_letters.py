"""E-mails with a one-time link: made anew at each try, and for the addressee alone."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import Invitation, Mail, MailKind, Role
from app.services.organizations import invitations, passwords
from app.services.owed import mails
from app.services.sign_in import hashing
from jobs import send_mail
from tests.support import mail_server
from tests.support.acme import acme, person
from tests.support.invited import LINK, links_for

NORA = "nora@elsewhere.example"
LATER = timedelta(minutes=11)


@pytest.fixture
def server(app, sample):
    with mail_server.running() as server:
        app.config["SMTP_URL"] = server.url
        yield server


@pytest.fixture
def invitation(app, sample) -> Invitation:
    return invitations.invite(acme(), email=NORA, role=Role.MEMBER, team_ids=[], by=person("Adam"))


def send() -> None:
    ids = list(db.session.scalars(db.select(Mail.id).order_by(Mail.id)))
    db.session.commit()
    for mail_id in ids:
        send_mail.run(mail_id)


def both_forms(message) -> tuple[str, str]:
    return tuple(message.get_body([kind]).get_content() for kind in ("plain", "html"))


def test_an_invitation_says_who_and_where_in_both_forms(invitation, server):
    send()

    [(recipients, message)] = server.accepted
    assert recipients == [NORA]
    assert message["Subject"] == "Adam Novak invites you to Acme"
    for form in both_forms(message):
        assert "Adam Novak (admin@acme.test) invites you" in form.replace("\n", " ")
        assert LINK.search(form)


def test_what_an_earlier_try_sent_stays_good(invitation, server, client):
    server.drops_after_data = True
    send()
    server.drops_after_data = False
    db.session.query(Mail).update({"due_at": utcnow(), "recipients": []})
    send()

    for _, message in server.accepted:
        client.get(LINK.search(both_forms(message)[0])[0])
        assert client.get("/invitation").status_code == 200


@pytest.mark.parametrize("what", ["taken back", "inviter gone", "sent again"])
def test_one_that_is_over_is_not_sent(invitation, server, what):
    if what == "taken back":
        invitations.take_back(invitation, person("Adam"))
        another = Invitation(
            id=invitation.id,
            organization=acme(),
            email="other@elsewhere.example",
            invited_by=person("Adam"),
            sent_at=utcnow() - LATER,
            ends_at=utcnow() + LATER,
        )
        db.session.expunge(invitation)
        db.session.add(another)  # SQLite gives a number again
    elif what == "inviter gone":
        next(m for m in acme().memberships if m.user == person("Adam")).role = Role.MEMBER
    else:
        invitations.send_again(invitation, person("Adam"))
        db.session.query(Mail).filter(Mail.id == 2).delete()
    send()

    assert server.accepted == []
    assert db.session.query(Mail).count() == 0


def test_a_password_that_was_set_meanwhile_needs_no_link(server):
    mails.owe(MailKind.PASSWORD_LINK, "member1@acme.test")
    passwords.keep(person("Maya"), hashing.make("my very own sentence", "scrypt:1024:8:1"))
    send()

    assert server.accepted == []


def test_a_password_link_in_both_forms(server):
    with time_machine.travel(utcnow() + LATER):
        mails.owe(MailKind.PASSWORD_LINK, "member1@acme.test")
        send()

    [(recipients, message)] = server.accepted
    assert recipients == ["member1@acme.test"]
    for form in both_forms(message):
        assert LINK.search(form)
        assert "for your account (member1@acme.test)" in form.replace("\n", " ")


def test_the_demos_outbox_shows_links_of_invented_addresses_alone(invitation, app):
    invitations.invite(
        acme(), email="nora@acme.test", role=Role.MEMBER, team_ids=[], by=person("Adam")
    )
    send()

    [kept] = db.session.query(Mail).filter_by(address=NORA)
    assert not LINK.search(f"{kept.text} {kept.html}")
    assert "the link is in the e-mail alone" in kept.text
    assert len(links_for("nora@acme.test")) == 1
