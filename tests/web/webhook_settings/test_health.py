"""Whether webhooks arrive, as the settings page says it."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    JiraConnection,
    Reconciliation,
    WebhookDelivery,
)
from tests.support.atlassian import JIRA
from tests.web.webhook_settings.switches import enable, health, registered


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
