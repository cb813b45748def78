"""What becomes of an e-mail that a mail server did not take at once."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, JiraConnection, Membership, Role, User
from tests.jobs.telling import TOLD, mails, rings, tell
from tests.support import mail_server


def test_a_mail_server_that_is_down_is_tried_again_with_growing_delays(server, trouble, caplog):
    server.refuses_everything = True
    tell(trouble)
    assert "mail not sent" in caplog.messages
    assert rings() == []

    now = utcnow()
    with time_machine.travel(now + timedelta(seconds=61)):
        assert rings() == [trouble]
        tell(trouble)
    with time_machine.travel(now + timedelta(seconds=170)):
        assert rings() == []

    server.refuses_everything = False
    with time_machine.travel(now + timedelta(seconds=200)):
        tell(trouble)
        tell(trouble)
    assert len(server.accepted) == 1
    assert mails() == []


def test_nobody_listens_is_no_reason_to_lose_it(app, trouble):
    with mail_server.running() as server:
        app.config["SMTP_URL"] = server.url
    tell(trouble)

    assert [mail.tries for mail in mails()] == [1]


def test_a_worker_that_dies_while_sending_leaves_it_to_another(server, trouble, monkeypatch):
    def die(*_given):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("app.services.mail.smtp.send", die)
        with pytest.raises(SystemExit):
            tell(trouble)
    assert rings() == []

    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        assert rings() == [trouble]
        tell(trouble)
    assert len(server.accepted) == 1


def test_a_server_that_hangs_up_after_taking_it_does_not_get_it_twice(server, trouble):
    server.drops_after_data = True
    tell(trouble)

    assert len(server.accepted) == 1
    assert mails() == []


def test_an_answer_that_never_came_is_followed_by_the_same_message_id(server, trouble):
    server.drops_within_data = True
    tell(trouble)
    public_id = mails()[0].public_id
    server.drops_within_data = False
    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        tell(trouble)

    [(_, message)] = server.accepted
    assert message["Message-ID"].startswith(f"<{public_id}@")


def test_who_was_refused_gets_it_later_and_nobody_gets_it_twice(server, trouble):
    server.refused = {"owner@acme.test"}
    tell(trouble)
    server.refused = set()
    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        tell(trouble)

    assert [recipients for recipients, _ in server.accepted] == [TOLD[1:], TOLD[:1]]


def test_an_e_mail_that_was_overtaken_by_a_reconnect_is_not_sent(server, trouble):
    server.refuses_everything = True
    tell(trouble)
    server.refuses_everything = False
    connection = db.session.get_one(JiraConnection, trouble)
    connection.state, connection.generation = ConnectionState.CONNECTED, 2
    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        tell(trouble)

    assert server.accepted == []
    assert mails() == []


def test_who_is_no_admin_any_more_does_not_get_it_later(server, trouble):
    server.refuses_everything = True
    tell(trouble)
    server.refuses_everything = False
    admin = db.session.scalars(select(Membership).join(User).filter_by(email=TOLD[1])).one()
    admin.role = Role.MEMBER
    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        tell(trouble)

    [(recipients, message)] = server.accepted
    assert recipients == TOLD[:1]
    assert message["To"] == TOLD[0]


def test_when_all_who_have_not_got_it_are_gone_nothing_is_left_to_send(server, trouble):
    server.refused = {TOLD[1]}
    tell(trouble)
    server.refused = set()
    admin = db.session.scalars(select(Membership).join(User).filter_by(email=TOLD[1])).one()
    db.session.delete(admin)
    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        tell(trouble)

    assert [recipients for recipients, _ in server.accepted] == [TOLD[:1]]
    assert mails() == []
