"""Migration 0003 moves what is done for a connection into rows of its own."""

from datetime import timedelta
from typing import Any

import flask_migrate
import pytest

from app.extensions import db
from app.models import JiraWork, WorkKind
from tests.migrations.rows import NOW, SECOND, THIRD, fill, reflected, rows

# What migration 0003 moves, in columns and words of the time before it.
AT_WORK = {
    "drain_lease_id": "drain",
    "drain_lease_until": NOW + timedelta(minutes=1),
    "projects_wanted_at": NOW + timedelta(minutes=2),
    "metadata_error": "Jira did not answer.",
    "metadata_failures": 3,
    "metadata_retry_at": NOW + timedelta(minutes=3),
    "metadata_lease_id": "metadata",
    "metadata_lease_until": NOW + timedelta(minutes=4),
    "people_wanted_at": NOW + timedelta(minutes=5),
    "people_error": "Jira refused to look.",
    "webhook_due_at": NOW + timedelta(minutes=6),
    "webhook_error": "Jira refused the webhook.",
    "webhook_failures": 27,
    "webhook_lease_id": "webhook",
    "webhook_lease_until": NOW + timedelta(minutes=7),
    "reconcile_at": NOW + timedelta(minutes=8),
    "read_not_before": NOW + timedelta(minutes=9),
    "site_checked_at": NOW + timedelta(minutes=10),
    "trouble_mailed_at": None,
    "state": "connected",
}
COUNTS = {"metadata_failures": 0, "webhook_failures": 0}
IDLE = {**dict.fromkeys(AT_WORK), **COUNTS, "state": "connected"}
UNTOLD = {**IDLE, "state": "needs-reconnect"}
TOLD = {**IDLE, "state": "site-unavailable", "trouble_mailed_at": NOW}
DISCONNECTED = {**IDLE, "state": "disconnected"}


@pytest.fixture
def connection_before(request, installation) -> dict[str, Any]:
    """Every table filled as migration 0002 left it, and the one connection as the test says."""
    flask_migrate.upgrade(revision=SECOND)
    fill()
    table = reflected().tables["jira_connection"]
    with db.engine.begin() as connection:
        connection.execute(table.update().values({"state_changed_at": NOW, **request.param}))
    return rows()["jira_connection"]


def works() -> dict[str, dict[str, Any]]:
    """What each kind of work holds of the one connection, without what is empty."""
    return {
        work.kind.value: {
            name: held
            for name in ("lease_id", "lease_until", "due_at", "failures", "not_before", "error")
            if (held := getattr(work, name))
        }
        for work in db.session.query(JiraWork)
    }


@pytest.mark.both_databases
@pytest.mark.parametrize("connection_before", [AT_WORK], indirect=True)
def test_leases_failures_errors_and_times_move_to_the_work(connection_before):
    flask_migrate.upgrade()

    assert works() == {
        "drain": {"lease_id": "drain", "lease_until": NOW + timedelta(minutes=1)},
        "grant": {"not_before": NOW + timedelta(minutes=25)},
        "metadata": {
            "lease_id": "metadata",
            "lease_until": NOW + timedelta(minutes=4),
            "due_at": NOW + timedelta(minutes=2),
            "failures": 3,
            "not_before": NOW + timedelta(minutes=3),
            "error": "Jira did not answer.",
        },
        "notices": {},
        "people": {"due_at": NOW + timedelta(minutes=5), "error": "Jira refused to look."},
        "reading": {
            "due_at": NOW + timedelta(minutes=8),
            "not_before": NOW + timedelta(minutes=9),
        },
        "webhook": {
            "lease_id": "webhook",
            "lease_until": NOW + timedelta(minutes=7),
            "due_at": NOW + timedelta(minutes=6),
            "failures": 27,
            "error": "Jira refused the webhook.",
        },
    }


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("connection_before", "owed"),
    [(UNTOLD, {"due_at": NOW}), (TOLD, {}), (IDLE, {}), (DISCONNECTED, {})],
    indirect=["connection_before"],
)
def test_only_a_trouble_that_nobody_was_told_of_is_still_to_be_told(connection_before, owed):
    flask_migrate.upgrade()

    assert works()["notices"] == owed
    assert len(works()) == len(WorkKind)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "connection_before", [AT_WORK, IDLE, UNTOLD, TOLD, DISCONNECTED], indirect=True
)
def test_there_and_back_a_connection_and_all_around_it_are_as_before(connection_before):
    before = rows()

    flask_migrate.upgrade(revision=THIRD)
    flask_migrate.downgrade(revision=SECOND)

    assert rows() == before
    assert "jira_work" not in reflected().tables
