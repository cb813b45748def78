"""Owner and Admins are told of trouble once."""

from datetime import timedelta

import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, JiraConnection
from app.services.outbound import links
from jobs import ticker
from tests.jobs.telling import TOLD, mails, rings, tell
from tests.support.acme import make_free
from tests.support.at_once import at_once

SETTINGS = "http://localhost:5050/organizations/acme/settings/integrations/jira"


def parts(message) -> tuple[str, str]:
    return tuple(message.get_body([kind]).get_content() for kind in ("plain", "html"))


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

    acme.reconnect()
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
    def one() -> None:
        with app.app_context():
            tell(trouble)

    at_once(*[one] * 4)

    assert len(server.accepted) == 1
    assert rings() == []


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
