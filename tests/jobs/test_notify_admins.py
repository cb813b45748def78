"""Owner and Admins are told of trouble once, whatever the mail server does."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, JiraConnection, Mail, Membership, Role, User
from app.queue import NOTIFY_ADMINS, SEND_MAIL
from app.services.connection import connect as connection_connect
from app.services.connection.consent import Granted, Site
from app.services.grants import tokens
from app.services.mail import sending
from app.services.outbound import links
from app.services.schedule import tick
from jobs import notify_admins, send_mail, ticker
from tests.support import mail_server
from tests.support.acme import connect, items, link, make_free
from tests.support.connected import ENG_CLOUD

TOLD = ["owner@acme.test", "admin@acme.test"]
SETTINGS = "http://localhost:5050/organizations/acme/settings/integrations/jira"


@pytest.fixture
def server(app):
    with mail_server.running() as server:
        app.config["SMTP_URL"] = server.url
        yield server


@pytest.fixture
def trouble(sample, app):
    """Acme's grant has died; two action items wait."""
    connection = connect(ConnectionState.NEEDS_RECONNECT)
    for item in items()[:2]:
        link(item, due_at=utcnow(), key=None)
    connection_id = connection.id
    db.session.commit()
    return connection_id


def rings() -> list[int]:
    """The connections that the ticker would have told of, or written about, at this moment."""
    bells = tick.bells(utcnow())
    untold = [each for job, each in bells if job == NOTIFY_ADMINS]
    due = [each for job, each in bells if job == SEND_MAIL]
    found = [*untold, *(db.session.get_one(Mail, each).connection_id for each in due)]
    db.session.commit()
    return found


def tell(connection_id):
    """Owe what is untold and send what is due, as workers do when they are rung for."""
    db.session.commit()
    notify_admins.run(connection_id)
    due = sending.due_mails(utcnow())
    db.session.commit()
    for mail_id in due:
        send_mail.run(mail_id)
    db.session.expire_all()


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def parts(message) -> tuple[str, str]:
    return tuple(message.get_body([kind]).get_content() for kind in ("plain", "html"))


def reconnect(acme):
    """Finish a new consent of the same account and site."""
    answer = acme.jira.control.issue_tokens("unpack@acme.test")
    old = acme.connection
    granted = Granted(
        access_token=tokens.encrypt(answer["access_token"]),
        refresh_token=tokens.encrypt(answer["refresh_token"]),
        access_expires_at=utcnow() + timedelta(seconds=answer["expires_in"]),
        account_id=old.account_id,
        account_name=old.account_name,
        sites=(Site(ENG_CLOUD, "Acme Engineering", old.site_url),),
    )
    user = db.session.scalars(select(User).filter_by(email="admin@acme.test")).one()
    assert connection_connect.settle(acme.organization, user, granted)
    db.session.commit()


def test_a_revoked_grant_is_told_and_after_reconnecting_all_goes_out_and_the_next_is_told_again(
    app, acme, drain, work
):
    acme.jira.control.revoke()
    acme.commit_items()
    drain()
    for _ in range(3):
        assert ticker.tick(app)
        work()

    [mail] = mails()
    assert mail.recipients == TOLD
    assert "5 action items are waiting and go out when you reconnect." in mail.text
    assert acme.issues() == []

    reconnect(acme)
    drain()
    assert len(acme.issues()) == 5
    assert acme.connection.works["notices"].due_at is None

    acme.jira.control.revoke()
    acme.connection.access_expires_at = utcnow()
    acme.commit_items()
    acme.items[0].title = "Another title"
    links.item_edited(acme.items[0])
    db.session.commit()
    with time_machine.travel(utcnow() + timedelta(seconds=40)):
        drain()
        assert ticker.tick(app)
        work()
    assert len(mails()) == 2


def test_the_e_mail_says_what_waits_and_where_to_reconnect_as_text_and_as_html(server, trouble):
    tell(trouble)

    [(recipients, message)] = server.accepted
    assert recipients == TOLD
    assert message["To"] == ", ".join(TOLD)
    assert message["Subject"] == "Acme: Jira needs to be reconnected"
    for words in parts(message):
        assert "2 action items are waiting and go out when you reconnect." in words
        assert "Nothing is marked failed." in words
        assert SETTINGS in words


def test_a_site_that_is_gone_has_words_of_its_own(server, trouble):
    db.session.get_one(JiraConnection, trouble).state = ConnectionState.SITE_UNAVAILABLE

    tell(trouble)

    [(_, message)] = server.accepted
    assert message["Subject"] == "Acme: the Jira site is not available"
    assert "suspended or deleted" in parts(message)[0]


def test_a_wrong_set_up_is_the_operators_and_asks_no_admin_to_reconnect(server, trouble):
    db.session.get_one(JiraConnection, trouble).state = ConnectionState.MISCONFIGURED

    tell(trouble)

    [(_, message)] = server.accepted
    assert message["Subject"] == "Acme: Unpack cannot use Jira at the moment"
    for words in parts(message):
        assert "tell whoever runs this Unpack" in " ".join(words.split())
        assert "2 action items are waiting and go out when that is put right." in words
        assert "econnect" not in words


def test_several_that_tell_at_once_send_one(app, server, trouble):
    start = threading.Barrier(4)

    def one() -> None:
        with app.app_context():
            start.wait()
            tell(trouble)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.accepted) == 1
    assert rings() == []


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


def test_on_free_nobody_is_told(server, trouble):
    make_free()
    assert rings() == []
    tell(trouble)

    assert server.accepted == []


def test_without_a_way_to_send_it_waits_until_there_is_one(app, trouble):
    app.config["DEMO"] = False
    assert rings() == []
    tell(trouble)
    app.config["DEMO"] = True

    assert rings() == [trouble]
