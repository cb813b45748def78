"""An e-mail goes out by itself, whatever else has the same number."""

import pytest

from app import queue
from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, Mail
from app.services.mail import outbox
from jobs import notify_admins, send_mail
from tests.support import mail_server
from tests.support.acme import connect


@pytest.fixture
def server(app):
    with mail_server.running() as server:
        app.config["SMTP_URL"] = server.url
        yield server


@pytest.fixture
def owed(sample, server) -> int:
    """The id of an e-mail that has not been sent."""
    connection_id = connect(ConnectionState.NEEDS_RECONNECT).id
    db.session.commit()
    notify_admins.run(connection_id)
    [mail_id] = db.session.scalars(db.select(Mail.id))
    db.session.commit()
    return mail_id


def test_what_is_owed_is_rung_for_at_once(owed, server, work):
    work()

    assert len(server.accepted) == 1


def test_a_bell_for_a_connection_leaves_that_of_an_e_mail_of_the_same_number_alone(owed, queued):
    for job in (queue.NOTIFY_ADMINS, queue.SYNC_CONNECTION):
        queue.ring(owed, job)
        queue.silence(owed, job)
    queue.ring(owed, queue.SEND_MAIL)

    assert [job.func_name for job in queued()].count(queue.SEND_MAIL) == 1


def test_one_that_waits_or_is_gone_is_not_sent(owed, server):
    server.refuses_everything = True
    send_mail.run(owed)
    server.refuses_everything = False

    send_mail.run(owed)
    send_mail.run(owed + 1)

    assert server.accepted == []
    assert outbox.due_mails(utcnow()) == []


def test_without_a_mail_server_it_stays_owed(app, owed):
    app.config.update(SMTP_URL="", DEMO=False)

    assert outbox.due_mails(utcnow()) == []
    send_mail.run(owed)

    assert db.session.get_one(Mail, owed).tries == 0
