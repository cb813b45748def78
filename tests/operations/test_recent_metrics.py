"""`/metrics`: what Jira answered lately and how fast, and how soon deliveries are looked into."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.clock import utcnow
from app.extensions import db
from app.models import EntryState, Operation, Outcome, WebhookDelivery
from tests.support.acme import connect, items, link
from tests.support.people import Person
from tests.support.sync_entries import attempt, entry

TOKEN = "to-scrape-with-7Qx0u-and-nothing-beside-it"

pytestmark = [
    pytest.mark.own_app,
    pytest.mark.environment(METRICS_TOKEN=TOKEN),
    pytest.mark.both_databases,
]


def told(client: Person, name: str) -> dict[tuple[str, ...], float]:
    """The samples of one metric, by the values of their labels in the order of the names."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        if family.name == name
        for sample in family.samples
    }


def test_writes_are_told_by_the_status_that_jira_answered(sample: None, client: Person) -> None:
    connect()
    create = entry(link(items()[0]))
    for outcome, status, ms in [
        (Outcome.SUCCEEDED, 201, 180),
        (Outcome.SUCCEEDED, 201, 1200),
        (Outcome.REFUSED, 403, 90),
        (Outcome.RATE_LIMITED, 429, 30),
        (Outcome.UNAVAILABLE, 503, 8000),
        (Outcome.UNKNOWN, None, 20_000),
    ]:
        attempt(create, outcome, status=status, ms=ms)
    old = attempt(create, Outcome.SUCCEEDED, status=201, ms=1)
    old.started_at = utcnow() - timedelta(minutes=16)
    attempt(create, Outcome.NOT_FOUND, operation=Operation.PROBE)
    attempt(create, Outcome.INTERRUPTED)

    found = told(client, "unpack_recent_writes")

    assert {status: n for (op, status), n in found.items() if op == "create"} == {
        "2xx": 2,
        "4xx": 1,
        "429": 1,
        "5xx": 1,
        "none": 1,
    }
    assert {n for (op, _), n in found.items() if op == "update"} == {0}
    assert told(client, "unpack_recent_attempts")[("create", "succeeded")] == 2


def test_how_fast_jira_answers_can_be_read_as_quantiles(sample: None, client: Person) -> None:
    connect()
    update = entry(link(items()[0]), operation=Operation.UPDATE)
    for ms in (200, 250, 900, 30_000):
        attempt(update, Outcome.SUCCEEDED, status=204, ms=ms)

    found = told(client, "unpack_recent_writes_within")

    assert {le: n for (le, op), n in found.items() if op == "update"} == {
        "0.25": 2,
        "0.5": 2,
        "1": 3,
        "2.5": 3,
        "5": 3,
        "10": 3,
        "20": 3,
        "+Inf": 4,
    }


def test_how_soon_a_delivery_shows_is_told(sample: None, client: Person) -> None:
    connection, now = connect(), utcnow()
    for number, lag in enumerate([0.5, 1.9, 45.0, 400.0, None]):
        came = now - timedelta(minutes=10)
        db.session.add(
            WebhookDelivery(
                connection_id=connection.id,
                identifier=str(number),
                event="jira:issue_updated",
                issue_id="1",
                received_at=came,
                applied_at=None if lag is None else came + timedelta(seconds=lag),
                retried=number == 1,
            )
        )

    found = told(client, "unpack_recent_deliveries_within")

    assert {le: n for (le,), n in found.items()} == {
        "2": 2,
        "5": 2,
        "10": 2,
        "20": 2,
        "60": 3,
        "300": 3,
        "+Inf": 4,
    }
    assert told(client, "unpack_recent_deliveries") == {("first",): 4, ("repeated",): 1}


def test_how_soon_an_edit_is_in_jira_is_told(sample: None, client: Person) -> None:
    connect()
    created, now = entry(link(items()[0])).link, utcnow()
    for seconds in (1.0, 15.0, 70.0):
        started = now - timedelta(seconds=seconds)
        entry(created, operation=Operation.UPDATE, at=now, started_at=started)
    entry(created, EntryState.ERROR, Operation.UPDATE, started_at=now - timedelta(seconds=2))

    found = told(client, "unpack_recent_edits_within")

    assert {le: n for (le,), n in found.items()} == {
        "2": 1,
        "5": 1,
        "10": 1,
        "20": 2,
        "60": 2,
        "300": 3,
        "+Inf": 3,
    }
