"""`/metrics`: how soon deliveries are looked into, and edits are in Jira."""

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.clock import utcnow
from app.extensions import db
from app.models import EntryState, Operation, WebhookDelivery
from tests.support.acme import connect, items, link
from tests.support.people import Person
from tests.support.sync_entries import entry

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
