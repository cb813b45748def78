"""`POST /webhooks/jira`: whom it believes, what it keeps, what it answers (jira-platform.md §5)."""

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
    WebhookDelivery,
    WebhookState,
    WebhookTest,
)
from app.web import patience
from tests.support.acme import items, link, make_free
from tests.support.webhook_posts import (
    HOST,
    ISSUE,
    NUMBER,
    Poster,
    other_connection,
    payload,
    registered,
)

OTHER = "tiny-team.atlassian.net"


def kept() -> list[WebhookDelivery]:
    db.session.expire_all()
    return list(db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))


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


def test_the_webhook_that_is_being_replaced_still_counts(
    connection: JiraConnection, post: Poster
) -> None:
    registered(connection, 999, state=WebhookState.RETIRED)

    assert post(payload(webhooks=[999, NUMBER])).status_code == 204
    assert post(payload(webhooks=["999"])).status_code == 204

    assert len(kept()) == 2


NOBODYS: dict[str, dict[str, Any]] = {
    "an unknown webhook": {"webhooks": [7]},
    "an unknown webhook among absurd ones": {"webhooks": [-1, 0, 2**63, None, "x", True, [], 7]},
    "an unknown webhook of an unknown site": {"webhooks": [7], "host": "nobody.atlassian.net"},
}


def test_what_nobody_wants_is_taken_and_forgotten(connection: JiraConnection, post: Poster) -> None:
    for name, values in NOBODYS.items():
        assert post(payload(**values)).status_code == 204, name

    assert kept() == []


def test_of_absurdly_many_webhooks_a_hundred_are_looked_at(
    connection: JiraConnection, post: Poster
) -> None:
    many = list(range(2000, 12_000))

    assert post(payload(webhooks=[*many, NUMBER])).status_code == 204
    assert kept() == []
    assert post(payload(webhooks=[NUMBER, *many])).status_code == 204
    assert len(kept()) == 1


def test_the_host_tells_two_sites_with_the_same_number_apart(
    connection: JiraConnection, post: Poster
) -> None:
    other = other_connection(OTHER)
    registered(other)

    post(payload(host=HOST.upper()))
    post(payload(host=OTHER))
    post(payload(host="renamed.atlassian.net"))
    post(payload() | {"issue": {"id": ISSUE}})

    told = [row.connection_id for row in kept()]
    assert told == [connection.id, other.id, connection.id, other.id, connection.id, other.id]


def test_a_webhook_of_one_site_is_not_taken_for_that_of_another(
    connection: JiraConnection, post: Poster
) -> None:
    """Acme's number is not in use at Tiny's site; Tiny's host proves that it is not meant."""
    other_connection(OTHER)

    assert post(payload(host=OTHER)).status_code == 204
    assert kept() == []


def test_a_renamed_site_is_known_by_whoever_connected_it_since(
    connection: JiraConnection, post: Poster
) -> None:
    other_connection("renamed.atlassian.net", cloud_id=connection.cloud_id)

    assert post(payload(host="renamed.atlassian.net")).status_code == 204
    assert [row.connection_id for row in kept()] == [connection.id]


def test_a_webhook_of_the_site_before_counts_no_more(
    connection: JiraConnection, post: Poster
) -> None:
    registered(connection, 999, cloud_id="the site before")

    assert post(payload(webhooks=[999])).status_code == 204
    assert kept() == []


@pytest.mark.both_databases
def test_one_delivery_is_kept_for_each_organization_that_it_is_for(
    connection: JiraConnection, post: Poster, queued: Callable[[], list[Job]]
) -> None:
    other = other_connection(HOST, cloud_id=connection.cloud_id)
    registered(other, 1001)

    assert post(payload(webhooks=[1001, NUMBER]), identifier="one").status_code == 204

    assert [row.connection_id for row in kept()] == [connection.id, other.id]
    assert sorted(job.args[0] for job in queued()) == [connection.id, other.id]


def test_the_mark_of_a_test_has_arrived(connection: JiraConnection, post: Poster) -> None:
    marked = link(items()[0])
    test = WebhookTest(connection_id=connection.id, link=marked, written_at=utcnow())
    db.session.add(test)

    for key, arrived in (("another.property", False), ("unpack.webhook-test", True)):
        body = payload(issue=str(marked.issue_id)) | {
            "webhookEvent": "issue_property_set",
            "property": {"key": key, "value": {"mark": 1}},
        }
        assert post(body).status_code == 204
        db.session.refresh(test)
        assert (test.delivered_at is not None) is arrived

    assert [row.event for row in kept()] == ["issue_property_set"] * 2
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
