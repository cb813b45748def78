"""Whether the database reads a table whole for a statement, as it says itself."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event

from app.extensions import db

# Statements with their values, as they reach the database.
Statements = list[tuple[str, Any]]


@pytest.fixture
def explainable(app: Flask) -> Iterator[Statements]:
    """What is asked of the database."""
    found: Statements = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if re.match("SELECT|UPDATE|DELETE", statement):
            found.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", hear)
    yield found
    event.remove(db.engine, "before_cursor_execute", hear)


def read_whole(statements: Statements, growing: Sequence[str]) -> dict[str, str]:
    """Tables, of those that grow for ever, that a statement reads from end to end."""
    tables = _by_postgresql if db.engine.dialect.name == "postgresql" else _by_sqlite
    with db.engine.connect() as connection:
        return {
            table: statement
            for statement, values in statements
            for table in tables(connection, statement, values)
            if table in growing
        }


def _by_sqlite(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        if found := re.match(r"SCAN (\w+)", row.detail):
            yield _names(statement).get(found[1], found[1])


def _names(statement: str) -> dict[str, str]:
    """Tables by the names that the statement gives them."""
    return {alias: table for table, alias in re.findall(r"\b(\w+) AS (\w+)", statement)}


def _by_postgresql(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    """It reads small tables whole because that is faster, so it is told not to where it can."""
    rather_by_index(connection)
    for step in steps_of(connection, statement, values):
        table, kind = step.get("Relation Name"), step["Node Type"]
        if table and "Scan" in kind and "Bitmap" not in kind and "Index Cond" not in step:
            yield table


def rather_by_index(connection: Connection) -> None:
    """Of few rows PostgreSQL reads all, because that is faster: it is told not to where it can."""
    for quick in ("seqscan", "mergejoin", "hashjoin"):
        connection.exec_driver_sql(f"SET enable_{quick} = off")


def steps_of(
    connection: Connection, statement: str, values: Any, *, carried_out: bool = False
) -> Iterator[dict[str, Any]]:
    """The steps of PostgreSQL's plan; of one that it has carried out, with the rows it met."""
    how = "ANALYZE, FORMAT JSON" if carried_out else "FORMAT JSON"
    asked = f"EXPLAIN ({how}) {statement}"
    explained: list[Any] = connection.exec_driver_sql(asked, values).scalar_one()
    steps = [each["Plan"] for each in explained]
    while steps:
        step = steps.pop()
        steps += step.get("Plans", [])
        yield step


def rows_read(step: dict[str, Any]) -> float:
    """How many rows a step that was carried out has looked at."""
    met: float = step["Actual Rows"] + step.get("Rows Removed by Filter", 0)
    return met * float(step["Actual Loops"])
