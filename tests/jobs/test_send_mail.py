"""An e-mail goes out by itself, made anew at each try while there is something to tell."""

from datetime import timedelta
from itertools import count

import pytest
import time_machine
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy.exc import IntegrityError

from app import queue
from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, JiraConnection, Mail, MailKind, User
from app.services.mail import sending
from app.services.mail.content import Content
from app.services.mail.kinds import KINDS, Kind
from app.services.owed import mails
from jobs import notify_admins, send_mail
from tests.support.acme import connect, items, link
from tests.support.at_once import at_once

ADMIN = "admin@acme.test"
LATER = timedelta(minutes=11)  # longer than one try and the wait after it


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
    assert sending.due_mails(utcnow()) == []


def test_without_a_mail_server_it_stays_owed(app, owed):
    app.config.update(SMTP_URL="", DEMO=False)

    assert sending.due_mails(utcnow()) == []
    send_mail.run(owed)

    assert db.session.get_one(Mail, owed).tries == 0


@pytest.mark.both_databases
def test_of_several_that_send_at_once_one_does(app, owed, server):
    def one() -> None:
        with app.app_context():
            send_mail.run(owed)

    at_once(*[one] * 4)

    assert len(server.accepted) == 1


def test_a_worker_that_dies_after_the_server_took_it_has_it_sent_as_the_same_message(
    owed, server, monkeypatch
):
    def die(*_given):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("app.services.mail.sending.record", die)
        with pytest.raises(SystemExit):
            send_mail.run(owed)
    with time_machine.travel(utcnow() + LATER):
        send_mail.run(owed)

    [first, second] = [message for _, message in server.accepted]
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


@pytest.mark.both_databases
def test_one_that_cannot_be_rendered_is_not_tried_each_second(owed, server, monkeypatch):
    """A storm met it: an error a second in the log, for as long as nobody looked."""

    def fail(*_given):
        raise RuntimeError("nobody expected it")

    with monkeypatch.context() as patch:
        patch.setattr("app.services.mail.letters.letter", fail)
        with pytest.raises(RuntimeError):
            send_mail.run(owed)
    assert sending.due_mails(utcnow()) == []
    db.session.rollback()

    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        assert sending.due_mails(utcnow()) == [owed]
        db.session.rollback()
        send_mail.run(owed)

    assert len(server.accepted) == 1


def test_what_is_sent_later_says_how_it_is_then(owed, server):
    server.refuses_everything = True
    send_mail.run(owed)
    server.refuses_everything = False
    for item in items()[:3]:
        link(item, due_at=utcnow(), key=None)
    db.session.query(JiraConnection).one().state = ConnectionState.SITE_UNAVAILABLE
    db.session.commit()
    with time_machine.travel(utcnow() + LATER):
        send_mail.run(owed)

    [(_, message)] = server.accepted
    assert message["Subject"] == "Acme: the Jira site is not available"
    assert "3 action items are waiting" in message.get_body(["plain"]).get_content()


@pytest.fixture
def to_a_person(app, sample, server, monkeypatch) -> int:
    """The id of an e-mail to a person, of a kind whose link is another one at each try."""
    tries = count(1)
    forms = DictLoader({f"mails/example.{form}": "open /{{ token }}" for form in ("txt", "html")})
    loader = ChoiceLoader([forms, app.jinja_env.loader])
    monkeypatch.setattr(app.jinja_env, "loader", loader)

    def content(mail: Mail) -> Content | None:
        asked = db.session.get_one(User, mail.row_ids[0])
        return Content("A link for you", {"token": next(tries)}) if asked.name else None

    example = Kind("example", lambda mail: [mail.user.email], content)
    monkeypatch.setitem(KINDS, MailKind.TROUBLE, example)
    admin = db.session.scalars(db.select(User).filter_by(email=ADMIN)).one()
    mails.owe(MailKind.TROUBLE, admin, [admin.id])
    [mail_id] = db.session.scalars(db.select(Mail.id))
    db.session.commit()
    return mail_id


def test_an_e_mail_to_a_person_is_made_anew_for_each_try(to_a_person, server, work):
    server.drops_within_data = True
    work()
    public_id = db.session.get_one(Mail, to_a_person).public_id
    db.session.commit()
    server.drops_within_data = False
    with time_machine.travel(utcnow() + LATER):
        send_mail.run(to_a_person)

    [(recipients, message)] = server.accepted
    assert recipients == [ADMIN]
    assert message.get_body(["plain"]).get_content().strip() == "open /2"
    assert message["Message-ID"].startswith(f"<{public_id}@")


def test_an_e_mail_to_a_person_goes_to_the_address_of_the_day(to_a_person, server):
    db.session.query(User).filter_by(email=ADMIN).one().email = "new@acme.test"
    db.session.commit()

    send_mail.run(to_a_person)

    assert [recipients for recipients, _ in server.accepted] == [["new@acme.test"]]


def test_an_e_mail_to_a_person_whose_reason_is_gone_is_not_sent(to_a_person, server):
    db.session.query(User).filter_by(email=ADMIN).one().name = ""
    db.session.commit()

    send_mail.run(to_a_person)

    assert server.accepted == []
    assert db.session.query(Mail).count() == 0


@pytest.mark.usefixtures("sample", "app")
@pytest.mark.both_databases
@pytest.mark.parametrize("both", [True, False], ids=["both", "neither"])
def test_an_e_mail_belongs_to_a_person_or_to_a_connection(both):
    mail = Mail(kind=MailKind.TROUBLE)
    if both:
        mail.user, mail.connection = db.session.query(User).first(), connect()
    db.session.add(mail)

    with pytest.raises(IntegrityError):
        db.session.flush()
