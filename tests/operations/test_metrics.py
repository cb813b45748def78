"""`/metrics`: what Prometheus is told of an installation, and what it is not."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    Level,
    LinkState,
    Mail,
    MailKind,
    Operation,
    Outcome,
    SyncAttempt,
    SyncEntry,
    User,
    WebhookDelivery,
)
from config import ConfigurationError, from_environment
from tests.support import settings
from tests.support.acme import connect, items, link
from tests.support.people import Person

TOKEN = "to-scrape-with-7Qx0u-and-nothing-beside-it"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]

pytestmark = [pytest.mark.own_app, pytest.mark.environment(METRICS_TOKEN=TOKEN)]


def scrape(client: Person) -> Samples:
    answer = client.get("/metrics", headers=SHOWN)
    assert answer.status_code == 200
    return samples_of(answer.text)


def samples_of(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def knows_every_level(samples: Samples) -> bool:
    told = [name for name, _ in samples if name == "unpack_service_level_counted"]
    return len(told) == len(Level)


def value(samples: Samples, name: str, **labels: str) -> float:
    return samples[(name, frozenset(labels.items()))]


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer another"}, {"Cookie": "a=b"}])
def test_whoever_does_not_show_the_token_gets_nothing(
    client: Person, shown: dict[str, str]
) -> None:
    answer = client.get("/metrics", headers=shown)

    assert (answer.status_code, answer.text) == (401, "")


def test_it_may_be_asked_by_address(client: Person) -> None:
    asked = client.get("/metrics", headers=SHOWN | {"Host": "10.0.0.7:8000"})

    assert asked.status_code == 200


@pytest.mark.parametrize("token", ["short", "change-me-" * 5])
def test_a_token_that_can_be_guessed_is_refused(token: str) -> None:
    with pytest.raises(ConfigurationError, match="METRICS_TOKEN"):
        from_environment(settings.ENVIRONMENT | {"METRICS_TOKEN": token, "UNPACK_DEMO": ""})


@pytest.mark.both_databases
def test_due_links_are_told_by_class_with_the_age_of_the_oldest(
    sample: None, client: Person
) -> None:
    connect()
    now, [one, two, three, four, five] = utcnow(), items()
    ago = [now - timedelta(seconds=seconds) for seconds in (600, 60, 30, 20)]
    link(one, LinkState.RETRYING, key=None, due_at=ago[0], not_before=ago[1])
    link(two, LinkState.WAITING, key=None, due_at=ago[2])
    link(three, due_at=ago[3])
    link(four, due_at=now + timedelta(hours=1))
    link(five)

    told = scrape(client)

    assert value(told, "unpack_due_links", **{"class": "create"}) == 2
    assert value(told, "unpack_due_links", **{"class": "update"}) == 1
    assert value(told, "unpack_due_links", **{"class": "backfill"}) == 0
    oldest = value(told, "unpack_due_links_oldest_seconds", **{"class": "create"})
    assert 60 <= oldest < 90, "it was put off until a minute ago"


@pytest.mark.both_databases
def test_what_may_not_be_asked_of_jira_is_not_due(sample: None, client: Person) -> None:
    connection = connect(ConnectionState.NEEDS_RECONNECT)
    link(items()[0], LinkState.WAITING, key=None, due_at=utcnow())
    connection.paused_until = utcnow() + timedelta(minutes=1)
    connection.on_hold_since = utcnow()

    told = scrape(client)

    assert value(told, "unpack_due_links", **{"class": "create"}) == 0
    assert value(told, "unpack_connections", state="needs-reconnect") == 1
    assert value(told, "unpack_connections", state="connected") == 0
    assert value(told, "unpack_connections_paused") == 1
    assert value(told, "unpack_connections_on_hold") == 1
    assert value(told, "unpack_installation_paused") == 0


@pytest.mark.both_databases
def test_tries_deliveries_and_mails_are_counted(sample: None, client: Person) -> None:
    connection, now = connect(), utcnow()
    entry = SyncEntry(
        organization_id=connection.organization_id, team_id=1, operation=Operation.CREATE,
        link=link(items()[0]), action_item=items()[0],
    )  # fmt: skip
    for outcome, minutes in ((Outcome.REFUSED, 1), (Outcome.REFUSED, 2), (Outcome.REFUSED, 90)):
        entry.attempts.append(
            SyncAttempt(
                operation=Operation.CREATE,
                outcome=outcome,
                started_at=now - timedelta(minutes=minutes),
            )
        )
    for number, applied in ((1, None), (2, now)):
        db.session.add(
            WebhookDelivery(
                connection_id=connection.id, identifier=str(number), event="jira:issue_updated",
                issue_id="1", received_at=now - timedelta(seconds=40), applied_at=applied,
            )
        )  # fmt: skip
    db.session.add(Mail(kind=MailKind.INVITATION, address="x@acme.test", tries=2))
    db.session.add(entry)

    told = scrape(client)

    assert value(told, "unpack_recent_attempts", operation="create", outcome="refused") == 2
    assert value(told, "unpack_recent_attempts", operation="create", outcome="unknown") == 0
    assert value(told, "unpack_recent_deliveries", sent="first") == 2
    assert value(told, "unpack_deliveries_waiting") == 1
    assert 40 <= value(told, "unpack_deliveries_oldest_seconds") < 70
    assert value(told, "unpack_mails_waiting") == 1
    assert value(told, "unpack_mails_failing") == 1


def test_whose_it_all_is_stands_nowhere(sample: None, client: Person) -> None:
    connection = connect()
    client.sign_in("admin@acme.test")
    client.get("/organizations/acme/settings/members")
    client.get("/password/links/a-token-of-somebody")
    people = [each for user in db.session.query(User) for each in (user.email, user.name)]
    secret = [*people, "acme", "a-token", connection.site_url, connection.cloud_id]

    said = client.get("/metrics", headers=SHOWN).text

    labels = {"method": "GET", "status": "3xx", "route": "/password/links/<token>"}
    assert value(samples_of(said), "unpack_request_seconds_count", **labels) == 1
    assert [each for each in secret if each.lower() in said.lower()] == []


def test_how_long_answers_take_is_counted_by_route(sample: None, client: Person) -> None:
    client.get("/sign-in")
    client.get("/sign-in")
    client.get("/nowhere/at-all")

    told = scrape(client)

    labels = {"method": "GET", "status": "2xx", "route": "/sign-in"}
    assert value(told, "unpack_request_seconds_count", **labels) == 2
    nowhere = labels | {"status": "4xx", "route": "none"}
    assert value(told, "unpack_request_seconds_count", **nowhere) == 1


@pytest.mark.both_databases
def test_a_scrape_asks_little_and_writes_nothing(
    sample: None, client: Person, asked: list[str]
) -> None:
    connect()
    while not knows_every_level(scrape(client)):
        pass  # after a start, a slow machine counts the days that are over in several scrapes
    asked.clear()

    scrape(client)

    statements = [each for each in asked if each.lstrip().upper().startswith("SELECT")]
    assert 0 < len(statements) <= 14
    assert [each for each in asked if "INSERT" in each or "UPDATE " in each] == []


def test_a_scrape_writes_no_line_of_the_log(
    sample: None, client: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    scrape(client)

    assert capsys.readouterr().err == ""


def test_without_redis_the_rest_is_told(app: Flask, sample: None, client: Person) -> None:
    app.config["REDIS_URL"] = "redis://127.0.0.1:1"

    told = _with_no_redis(app, client)

    assert value(told, "unpack_up", part="redis") == 0
    assert value(told, "unpack_up", part="database") == 1
    assert value(told, "unpack_mails_waiting") == 0
    assert not any(name == "unpack_queue_jobs" for name, _ in told)


def _with_no_redis(app: Flask, client: Person) -> Samples:
    from app import queue

    kept = app.extensions["redis"]
    queue.init_app(app)
    try:
        return scrape(client)
    finally:
        app.extensions["redis"] = kept


def test_a_database_that_is_not_upgraded_is_told(app: Flask, sample: None, client: Person) -> None:
    db.session.execute(db.text("UPDATE alembic_version SET version_num = '0001'"))

    told = scrape(client)

    assert value(told, "unpack_up", part="migrations") == 0
    assert value(told, "unpack_up", part="database") == 1


def test_a_database_that_is_away_is_told(app: Flask, sample: None, client: Person) -> None:
    def refuse(*_: Any) -> None:
        raise db_error()

    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", refuse)
    told = scrape(client)
    event.remove(db.engine, "before_cursor_execute", refuse)

    assert value(told, "unpack_up", part="database") == 0
    assert value(told, "unpack_up", part="migrations") == 0
    assert not any(name == "unpack_mails_waiting" for name, _ in told)


def db_error() -> Exception:
    from sqlalchemy.exc import OperationalError

    return OperationalError("SELECT 1", {}, Exception("away"))


def test_words_that_are_no_methods_are_counted_as_one(client: Person) -> None:
    for number in range(20):
        client.open("/sign-in", method=f"WORD{number}")

    told = [dict(labels) for name, labels in scrape(client) if name == "unpack_request_seconds_sum"]
    methods = [labels["method"] for labels in told if labels["status"] == "4xx"]
    assert methods == ["other"]
