"""The Webhooks section of the settings: the wish, the switches, the health and the test."""

from datetime import timedelta
from typing import Any

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    AuditEvent,
    ConnectionState,
    JiraConnection,
    JiraSettings,
    Reconciliation,
    Webhook,
    WebhookDelivery,
    WebhookTest,
)
from app.services.webhooks import webhook_tests
from tests.support import acme
from tests.support.acme import items, link
from tests.support.atlassian import JIRA
from tests.support.people import Person

HEALTH, TESTS = f"{JIRA}/webhook", f"{JIRA}/webhook/tests"
ALL_ON = {
    "webhooks": "on",
    "take-over-title": "on",
    "take-over-assignee": "on",
    "take-over-due-date": "on",
}


@pytest.fixture
def connection(sample) -> JiraConnection:
    return acme.connect_and_choose()


def form(version: int = 0, **more: Any) -> dict[str, Any]:
    """The settings as they are saved, with `more` filled in."""
    return {"version": version, "project": "10001", "type": "10101"} | more


def saved() -> JiraSettings:
    db.session.expire_all()
    return db.session.query(JiraSettings).one()


def enable(connection: JiraConnection) -> None:
    """The wish, as it was saved a while ago."""
    row = JiraSettings(organization_id=connection.organization_id, webhooks_enabled=True, version=1)
    db.session.add(row)
    db.session.flush()


def registered(connection: JiraConnection, **values: Any) -> Webhook:
    """A webhook that stands in Jira."""
    row = Webhook(
        connection_id=connection.id,
        cloud_id=connection.cloud_id,
        account_id=connection.account_id,
        webhook_id=1000,
        url="https://unpack.example.com/webhooks/jira",
        project_keys=["PLAT"],
        registered_at=utcnow() - timedelta(hours=2),
        expires_at=utcnow() + timedelta(days=29),
        **values,
    )
    db.session.add(row)
    db.session.flush()
    return row


def delivery(connection: JiraConnection, ago: timedelta, identifier: str = "a") -> None:
    db.session.add(
        WebhookDelivery(
            connection_id=connection.id,
            identifier=identifier,
            event="jira:issue_updated",
            issue_id="10001",
            received_at=utcnow() - ago,
        )
    )
    db.session.flush()


def health(person: Person):
    return person.get(HEALTH, htmx=True)


def test_enabling_is_a_wish_that_a_job_brings_about(admin, connection, queued):
    answer = admin.post(JIRA, form(**ALL_ON), htmx=True)

    assert answer.status_code == 200
    assert "Registering…" in answer.page.text
    assert "every 1s" in answer.page.values("hx-trigger")
    assert saved().webhooks_enabled
    assert saved().take_over_title
    assert saved().take_over_assignee
    assert saved().take_over_due_date
    assert "jobs.keep_webhook.run" in [job.func_name for job in queued()]


def test_it_is_saved_without_script_as_well(admin, connection):
    answer = admin.post(JIRA, form(webhooks="on"))

    assert answer.status_code == 303
    assert saved().webhooks_enabled
    assert not saved().take_over_title


def test_everything_is_off_by_default(admin, connection):
    page = admin.get(JIRA).page

    switches = {e.get("name"): "checked" in e.attrib for e in page.all("input")}
    assert {switches[name] for name in ALL_ON} == {False}
    assert "What changes in Jira is not noticed here." in page.text
    assert "Send test" not in page.texts("button")


def test_switching_off_owes_the_removal(admin, connection, queued):
    enable(connection)
    registered(connection)

    answer = admin.post(JIRA, form(version=1), htmx=True)

    assert not saved().webhooks_enabled
    assert "removing it from Jira…" in answer.page.text
    assert "jobs.keep_webhook.run" in [job.func_name for job in queued()]


def test_what_was_switched_is_in_the_record(admin, connection):
    admin.post(JIRA, form(webhooks="on"))

    details = db.session.query(AuditEvent).filter_by(action="jira.settings-saved").one().details
    assert details["before"]["returning"]["webhooks"] is False
    assert details["after"]["returning"]["webhooks"] is True


def test_two_admins_learn_of_each_others_switches(admin, signed_in, connection):
    admin.post(JIRA, form(webhooks="on"))

    answer = signed_in("owner@acme.test").post(JIRA, form(**{"take-over-title": "on"}), htmx=True)

    assert answer.status_code == 422
    assert "Enable Jira Webhooks On Off" in answer.page.text
    assert "Take over the title Off On" in answer.page.text


def test_switches_survive_a_page_without_script(admin, connection):
    answer = admin.post(f"{JIRA}/issue-types", form(webhooks="on"))

    switch = next(
        e for e in admin.get(answer.location).page.all("input") if e.get("name") == "webhooks"
    )
    assert "checked" in switch.attrib


@pytest.mark.both_databases
def test_a_healthy_webhook_says_when_and_how_many(admin, connection):
    enable(connection)
    registered(connection, token_life=180)
    for number in range(3):
        delivery(connection, timedelta(minutes=6), str(number))
    delivery(connection, timedelta(days=2), "old")
    db.session.add(
        Reconciliation(
            connection_id=connection.id,
            generation=connection.generation,
            finished_at=utcnow(),
            caught=1,
        )
    )
    connection.works["reading"].due_at = utcnow() + timedelta(hours=1)

    words = admin.get(JIRA).page.text

    assert "Arriving" in words
    assert "6 minutes ago3 in the last 24 hours" in words
    assert "Jira's proof is good for 3 minutes" in words
    assert "caught 1 missed change" in words
    assert "next one at" in words
    assert "renewed by itself" in words


def test_a_healthy_webhook_is_not_polled(admin, connection):
    enable(connection)
    registered(connection)

    assert "hx-get" not in health(admin).get_data(as_text=True)


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (lambda row: setattr(row, "state", ConnectionState.NEEDS_RECONNECT), "is reconnected"),
        (
            lambda row: setattr(row, "paused_until", utcnow() + timedelta(minutes=5)),
            "Jira asked us to slow down.",
        ),
        (
            lambda row: setattr(row.works["webhook"], "error", "Jira said: “No such project.”"),
            "The webhook could not be registered. Jira said: “No such project.”",
        ),
    ],
)
def test_what_is_wrong_is_said(admin, connection, arrange, words):
    enable(connection)
    arrange(connection)

    assert words in health(admin).page.text


def test_a_poll_without_news_is_empty(admin, connection):
    enable(connection)
    connection.works["webhook"].due_at = utcnow()
    first = health(admin)
    poll = next(e.get("hx-get") for e in first.page.root.iter() if e.get("hx-get"))

    assert admin.get(poll, htmx=True).status_code == 204

    registered(connection)
    connection.works["webhook"].due_at = None
    answer = admin.get(poll, htmx=True)
    assert "No delivery yet" in answer.page.text
    assert "hx-get" not in answer.page.root[0].attrib


def test_a_test_is_sent_by_a_job_and_waited_for(admin, connection, queued):
    enable(connection)
    registered(connection)
    link(items()[0])

    answer = admin.post(TESTS, htmx=True)

    assert "Marking PLAT-142 and waiting for Jira to report it…" in answer.page.text
    assert "every 1s" in answer.page.values("hx-trigger")
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
    row = link(items()[0])
    admin.post(TESTS)
    test = db.session.query(WebhookTest).one()
    test.written_at = utcnow()

    other = webhook_tests.delivered(connection.id, "99999", utcnow())
    found = webhook_tests.delivered(
        connection.id, str(row.issue_id), test.written_at + timedelta(seconds=0.8)
    )

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
