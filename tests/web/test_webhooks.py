"""A delivery is kept once and rings, or Jira is asked to come again."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from rq.job import Job
from sqlalchemy import func, select, text

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    IssueLink,
    JiraConnection,
    WebhookTest,
)
from app.services.webhooks import webhook_tests
from app.web import patience
from tests.support.acme import items, link, make_free
from tests.support.webhook_posts import (
    ISSUE,
    Poster,
    kept,
    payload,
)


@pytest.mark.both_databases
def test_a_delivery_is_kept_and_the_connection_is_rung(
    connection: JiraConnection, post: Poster, queued: Callable[[], list[Job]]
) -> None:
    answer = post(identifier="7b6f-1")

    assert (answer.status_code, answer.data) == (204, b"")
    (row,) = kept()
    assert (row.connection_id, row.identifier) == (connection.id, "7b6f-1")
    assert (row.event, row.issue_id) == ("jira:issue_updated", ISSUE)
    assert (row.applied_at, row.retried) == (None, False)
    assert utcnow() - row.received_at < timedelta(seconds=10)
    assert connection.works["reading"].due_at is None
    (job,) = queued()
    assert (job.func_name, job.args) == ("jobs.sync_connection.run", [connection.id])


def test_nothing_personal_is_kept_or_logged(
    connection: JiraConnection, post: Poster, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        post()
        post(payload(issue=None))  # type: ignore[arg-type]

    row = {name: str(value) for name, value in vars(kept()[0]).items()}
    for secret in ("Mia", "5b10ac8d82e05b22cc7d4ef5", "Fix flaky build", "Sydney"):
        assert secret not in str(row)
        assert secret not in caplog.text


@pytest.mark.both_databases
def test_the_same_delivery_a_hundred_times_at_once_is_kept_once(
    connection: JiraConnection, app: Flask, queued: Callable[[], list[Job]]
) -> None:
    body, codes = payload(), []
    db.session.commit()

    def send() -> None:
        codes.append(Poster(app)(body, identifier="the-same").status_code)

    threads = [threading.Thread(target=send) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == [204] * 100
    assert len(kept()) == 1
    assert len(queued()) == 1


def test_a_delivery_without_an_identifier_is_known_by_its_body(
    connection: JiraConnection, post: Poster
) -> None:
    for identifier in (None, "", " ", "x" * 256, "a\tb", "é"):
        assert post(identifier=identifier).status_code == 204
    assert post(payload(issue="10013"), identifier=None).status_code == 204

    first, second = kept()
    assert first.identifier.startswith("sha256:")
    assert first.identifier != second.identifier


def test_the_order_does_not_matter(connection: JiraConnection, post: Poster) -> None:
    issues = [str(number) for number in range(10, 20)]

    for issue in reversed(issues):
        assert post(payload(issue)).status_code == 204

    assert sorted(row.issue_id for row in kept()) == issues


def test_a_retry_says_that_others_may_be_missing(connection: JiraConnection, post: Poster) -> None:
    connection.works["reading"].due_at = utcnow() + timedelta(hours=1)

    assert post(X_Atlassian_Webhook_Retry="1").status_code == 204

    assert kept()[0].retried
    assert connection.works["reading"].due_at <= utcnow()


def test_a_retry_of_what_is_kept_changes_nothing(connection: JiraConnection, post: Poster) -> None:
    connection.works["reading"].due_at = utcnow() + timedelta(hours=1)
    post(identifier="one")
    post(identifier="one", X_Atlassian_Webhook_Retry="1")

    assert [row.retried for row in kept()] == [False]
    assert connection.works["reading"].due_at > utcnow()


@pytest.mark.parametrize("state", ConnectionState)
def test_a_delivery_waits_until_the_connection_can_read_again(
    connection: JiraConnection, post: Poster, state: ConnectionState
) -> None:
    connection.state = state
    make_free()

    assert post().status_code == 204
    assert len(kept()) == (0 if state is ConnectionState.DISCONNECTED else 1)


def test_a_test_whose_report_does_not_name_its_issue_has_arrived(
    connection: JiraConnection, post: Poster
) -> None:
    marked = link(items()[0])
    test = WebhookTest(connection_id=connection.id, link=marked, written_at=utcnow())
    db.session.add(test)

    db.session.flush()
    name = webhook_tests.name_of(test)
    for key, said, arrived in (
        ("another.property", name, False),
        ("unpack.webhook-test", "1-0", False),
        ("unpack.webhook-test", name, True),
    ):
        body = payload() | {
            "webhookEvent": "issue_property_set",
            "property": {"key": key, "value": {"test": said, "issue": marked.issue_id}},
        }
        del body["issue"]
        assert post(body).status_code == 204
        db.session.refresh(test)
        assert (test.delivered_at is not None) is arrived

    named = [(row.event, row.issue_id) for row in kept()]
    assert named == [("issue_property_set", marked.issue_id)] * 3
    assert db.session.scalar(select(func.count()).select_from(IssueLink)) == 1


@pytest.fixture
def locked(connection: JiraConnection, database_url: str) -> Iterator[None]:
    """Somebody else holds the lock that a delivery needs, and does not let go."""
    db.session.commit()
    if database_url.startswith("sqlite"):
        other: Any = sqlite3.connect(database_url.removeprefix("sqlite:///"))
        statement = "BEGIN IMMEDIATE"
    else:
        other = psycopg.connect(database_url.replace("+psycopg", ""))
        statement = "LOCK TABLE webhook_delivery IN EXCLUSIVE MODE"
    with closing(other):
        other.execute(statement)
        yield


@pytest.mark.both_databases
def test_a_locked_database_asks_jira_to_come_again(
    locked: None, post: Poster, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Soon: Jira waits 20 seconds for an answer, and a lock that lasts keeps every thread busy."""
    monkeypatch.setattr(patience, "SECONDS", 0.05)
    began = time.monotonic()

    answer = post()

    assert answer.status_code == 503
    assert time.monotonic() - began < 4
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.data == b""


def test_a_lost_database_asks_jira_to_come_again(
    connection: JiraConnection, post: Poster, caplog: pytest.LogCaptureFixture
) -> None:
    db.session.execute(text("DROP TABLE webhook_delivery"))

    assert post().status_code == 503
    assert "webhook not stored" in caplog.text
    assert "Fix flaky build" not in caplog.text


def test_an_address_is_for_posting_alone(connection: JiraConnection, app: Flask) -> None:
    client = app.test_client(use_cookies=False)

    assert [client.open("/webhooks/jira", method=m).status_code for m in ("GET", "PUT")] == [
        405
    ] * 2
