"""A tick reads what is due, however many connections there are beside it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from app.clock import utcnow
from app.extensions import db
from app.models import (
    CheckState,
    ConnectionState,
    JiraConnection,
    JiraSettings,
    JiraWork,
    Organization,
    Plan,
    ProjectMapping,
    Webhook,
    WorkKind,
)
from app.services.schedule import tick as schedule_tick
from tests.support.plans import rather_by_index, rows_read, steps_of

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.environment(SMTP_URL="smtp://localhost:2525"),
]

MANY = 3_000
# A connection has its hour for the daily check once in 24.
MOST = MANY / 24 + 10
OF_CONNECTIONS = "jira_connection|organization|jira_settings|jira_work|webhook|project_mapping"


@pytest.fixture
def many(app) -> None:
    """Organizations that are connected and mapped, want webhooks, and are owed nothing."""
    now = utcnow()
    later, numbers = now + timedelta(minutes=30), range(1, MANY + 1)
    site = [{"id": n, "organization_id": n, "cloud_id": f"cloud-{n}"} for n in numbers]
    connection = {
        "state": ConnectionState.CONNECTED, "site_url": "https://acme.atlassian.net",
        "site_name": "acme", "account_id": "service", "connected_at": now, "refreshed_at": now,
    }  # fmt: skip
    mapping = {
        "project_id": "1", "project_key": "PLAT", "project_name": "Platform",
        "issue_type_id": "1", "issue_type_name": "Task", "check_state": CheckState.READY,
        "checked_at": now,
    }  # fmt: skip
    webhook = {
        "account_id": "service", "url": app.config["PUBLIC_URL"] + "/webhooks/jira",
        "project_keys": ["PLAT"], "expires_at": now + timedelta(days=29),
    }  # fmt: skip
    due = {WorkKind.READING: later, WorkKind.WEBHOOK: later}
    rows: dict[Any, list[dict[str, object]]] = {
        Organization: [{"id": n, "slug": f"o-{n}", "name": "O", "plan": Plan.PRO} for n in numbers],
        JiraConnection: [each | connection for each in site],
        JiraSettings: [{"organization_id": n, "webhooks_enabled": True} for n in numbers],
        ProjectMapping: [each | mapping for each in site],
        Webhook: [
            webhook | {"connection_id": n, "cloud_id": f"cloud-{n}", "webhook_id": n}
            for n in numbers
        ],
        JiraWork: [
            {"connection_id": n, "kind": kind, "due_at": due.get(kind)}
            for n in numbers
            for kind in WorkKind
        ],
    }
    for model, values in rows.items():
        db.session.execute(insert(model), values)
    db.session.commit()
    if db.engine.dialect.name == "postgresql":  # which counts by itself, if later
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def tick() -> list[tuple[str, int]]:
    schedule_tick.clean_up(utcnow())
    db.session.commit()
    bells = schedule_tick.bells(utcnow())
    db.session.rollback()
    return bells


@pytest.fixture
def ticked(many: None) -> list[tuple[str, Any]]:
    """What an idle tick asks, with the values."""
    found: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", hear)
    assert tick() == []
    event.remove(db.engine, "before_cursor_execute", hear)
    return found


def whole_on_postgresql(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    """Of which tables a step of the statement has read more rows than there may be."""
    rather_by_index(connection)
    for step in steps_of(connection, statement, values, carried_out=True):
        table = step.get("Relation Name", "")
        if re.fullmatch(OF_CONNECTIONS, table) and rows_read(step) > MOST:
            yield table


def whole_on_sqlite(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        if re.match(rf"SCAN ({OF_CONNECTIONS})\b(?! USING INDEX ix_project_mapping_check)", row[3]):
            yield row[3]


def test_an_idle_tick_reads_few_of_many_connections(ticked: list[tuple[str, Any]]) -> None:
    sqlite = db.engine.dialect.name == "sqlite"
    whole = whole_on_sqlite if sqlite else whole_on_postgresql
    with db.engine.connect() as connection:
        wrong = {
            table: statement
            for statement, values in ticked
            for table in whole(connection, statement, values)
        }

    assert len(ticked) > 15
    assert wrong == {}


def test_what_is_due_among_many_is_rung_for(many: None) -> None:
    now = utcnow()
    db.session.get_one(JiraConnection, 8).outage_since = now - timedelta(hours=1)
    trouble = db.session.get_one(JiraConnection, 9)
    trouble.state = ConnectionState.SITE_UNAVAILABLE
    trouble.state_changed_at = now - timedelta(hours=1)
    db.session.get_one(JiraConnection, 10).refreshed_at = now - timedelta(days=61)
    db.session.flush()  # in the order of locking
    for kind in (WorkKind.WEBHOOK, WorkKind.READING):
        db.session.get_one(JiraWork, (7, kind)).due_at = now
    db.session.commit()

    rung = {(job.split(".")[1], row_id) for job, row_id in tick()}

    assert rung == {
        ("keep_webhook", 7), ("sync_connection", 7), ("keep_grant", 8), ("keep_grant", 9),
        ("keep_grant", 10),
    }  # fmt: skip
