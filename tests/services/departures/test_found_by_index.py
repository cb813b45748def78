"""What is stored of a person is found without reading tables whole that grow for ever."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from app.extensions import db
from app.services.departures import account_deletion, personal_data
from tests.support.acme import person

pytestmark = pytest.mark.both_databases

# Not among them: what an organization has one or few of, and e-mails, which go once they are sent.
GROWING = (
    "action_item", "audit_event", "declined_mail", "deleted_retrospective", "email_change",
    "invitation", "issue_link", "jira_person", "membership", "one_time_link", "provider_identity",
    "retrospective", "sync_entry", "team_member", "user_account", "user_session",
)  # fmt: skip
WHOLE = re.compile(rf"^SCAN ({'|'.join(GROWING)})\b")  # in the words of SQLite


@pytest.fixture
def asked(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    found: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if re.match("SELECT|UPDATE|DELETE", statement):
            found.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", hear)
    yield found
    event.remove(db.engine, "before_cursor_execute", hear)


def read_whole(statements: list[tuple[str, Any]]) -> dict[str, str]:
    """Tables that a statement reads from end to end, although it may not: by their plans."""
    tables = _by_postgresql if db.engine.dialect.name == "postgresql" else _by_sqlite
    with db.engine.connect() as connection:
        return {
            table: statement
            for statement, values in statements
            for table in tables(connection, statement, values)
        }


def _by_sqlite(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        if found := WHOLE.match(row.detail):
            yield found[1]


def _by_postgresql(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    """It reads small tables whole because that is faster, so it is told not to where it can."""
    connection.exec_driver_sql("SET enable_seqscan = off")
    explained = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar()
    steps = [each["Plan"] for each in explained]
    while steps:
        step = steps.pop()
        steps += step.get("Plans", [])
        table, kind = step.get("Relation Name"), step["Node Type"]
        by_no_condition = "Scan" in kind and "Bitmap" not in kind and "Index Cond" not in step
        if table in GROWING and by_no_condition:
            yield table


def test_what_is_stored_of_somebody_is_found_by_indexes(sample: None, asked: list[Any]) -> None:
    maya = person("Maya")
    asked.clear()
    personal_data.of(maya)
    statements = list(asked)
    db.session.rollback()

    assert len(statements) > 15
    assert read_whole(statements) == {}


def test_deleting_an_account_reads_no_table_whole(sample: None, asked: list[Any]) -> None:
    maya = person("Maya")
    asked.clear()
    account_deletion.delete(maya)
    statements = list(asked)
    db.session.rollback()

    assert len(statements) > 15
    assert read_whole(statements) == {}
