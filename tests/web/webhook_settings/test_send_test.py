"""Send test: a delivery is provoked and waited for."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    WebhookDelivery,
    WebhookTest,
)
from app.services.webhooks import webhook_tests
from tests.support.acme import items, link
from tests.support.atlassian import JIRA
from tests.support.pages import text_of
from tests.web.webhook_settings.switches import HEALTH, TESTS, enable, health, registered


def test_a_test_is_sent_by_a_job_and_waited_for(admin, connection, queued):
    enable(connection)
    registered(connection)
    link(items()[0])

    answer = admin.post(TESTS, htmx=True)

    assert "Marking PLAT-142 and waiting for Jira to report it…" in answer.page.text
    assert "every 1s, came-back from:body" in answer.page.values("hx-trigger")
    assert [job.func_name for job in queued()] == ["jobs.send_webhook_test.run"]


def test_one_test_runs_at_a_time(admin, connection):
    enable(connection)
    registered(connection)
    link(items()[0])

    for htmx in (True, False, True):
        admin.post(TESTS, htmx=htmx)

    assert db.session.query(WebhookTest).count() == 1


def test_the_delivery_ends_the_test(admin, connection):
    enable(connection)
    registered(connection)
    link(items()[0])
    admin.post(TESTS)
    test = db.session.query(WebhookTest).one()
    test.written_at = utcnow()

    name, at = webhook_tests.name_of(test), test.written_at + timedelta(seconds=0.8)
    other = webhook_tests.delivered(connection.id, "99999", utcnow())
    found = webhook_tests.delivered(connection.id, name, at)

    assert (other, found) == (False, True)
    assert "Arrived after 0.8 s: PLAT-142" in health(admin).page.text


def test_a_test_that_nothing_came_of_says_so(admin, connection):
    enable(connection)
    registered(connection)
    link(items()[0])
    admin.post(TESTS)
    test = db.session.query(WebhookTest).one()
    test.requested_at = test.written_at = utcnow() - timedelta(seconds=61)

    words = health(admin).page.text

    assert "Not arriving" in words
    assert "Not arrived within 60 s: PLAT-142" in words
    assert "the hourly reconciliation" in words
    assert "/webhooks/jira" in words
    assert "Check that Jira can reach the address above" in words
    assert "Jira reports changes in PLAT alone." in words


def test_a_page_never_says_both_arriving_and_not_arrived(admin, connection):
    enable(connection)
    registered(connection)
    link(items()[0])
    admin.post(TESTS)
    test = db.session.query(WebhookTest).one()
    test.requested_at = test.written_at = utcnow() - timedelta(minutes=10)
    db.session.add(
        WebhookDelivery(
            connection_id=connection.id, identifier="a", event="jira:issue_updated", issue_id="1"
        )
    )

    words = health(admin).page.text

    assert "Arriving" in words
    assert "Not arriv" not in words
    assert "Jira has reported changes since PLAT-142 was tested" in words


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (lambda row: enable(row), "Our webhook is not registered in Jira yet"),
        (lambda row: (enable(row), registered(row)), "No action item has an issue on this site"),
        (lambda row: None, "Jira webhooks are not enabled."),
    ],
)
def test_a_test_that_cannot_be_sent_says_why(admin, connection, arrange, words, queued):
    arrange(connection)

    admin.post(TESTS, htmx=True)

    assert words in str(db.session.query(WebhookTest).one().error)
    assert queued() == []


def test_a_browser_without_script_comes_back_to_the_section(admin, connection):
    assert admin.get(HEALTH).location == f"{JIRA}#webhooks"
    assert admin.post(TESTS).location == f"{JIRA}#webhooks"


def test_the_result_of_an_earlier_registration_is_not_shown(admin, connection):
    enable(connection)
    registered(connection).registered_at = utcnow()
    db.session.add(
        WebhookTest(connection_id=connection.id, requested_at=utcnow() - timedelta(hours=1))
    )

    assert "Not arrived" not in health(admin).page.text


def test_the_card_is_amber_after_a_test_that_could_not_be_sent(admin, connection):
    enable(connection)
    registered(connection)
    delivered = {"identifier": "a", "event": "jira:issue_updated", "issue_id": "1"}
    earlier = WebhookDelivery(connection_id=connection.id, **delivered)
    earlier.received_at = utcnow() - timedelta(minutes=5)
    db.session.add(earlier)
    assert "Arriving" in health(admin).page.text

    admin.post(TESTS)

    page = health(admin).page
    chips = {each.get("data-state"): text_of(each) for each in page.all("span")}
    assert chips.get("limited") == "Test not sent"
    assert "Arriving" not in page.text
    assert "Not sent at" in page.text
