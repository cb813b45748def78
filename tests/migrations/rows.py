"""The rows of a database, whatever its tables are: read, and one filled into every table."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from app.extensions import db
from app.models.few_rows import is_kept_by_triggers

FIRST, SECOND, THIRD, FOURTH, FIFTH = "0001", "0002", "0003", "0004", "0005"
SIXTH, SEVENTH, EIGHTH, NINTH = "0006", "0007", "0008", "0009"
ELEVENTH, TWELFTH, THIRTEENTH, FOURTEENTH = "0011", "0012", "0013", "0014"
FIFTEENTH, SIXTEENTH, SEVENTEENTH = "0015", "0016", "0017"
EIGHTEENTH, NINETEENTH, TWENTIETH = "0018", "0019", "0020"
TWENTY_THIRD = "0023"
TWENTY_FOURTH, TWENTY_FIFTH, TWENTY_SIXTH, TWENTY_SEVENTH = "0024", "0025", "0026", "0027"
TWENTY_EIGHTH, TWENTY_NINTH, THIRTIETH = "0028", "0029", "0030"
TWENTY_FIRST, THIRTY_FIRST, THIRTY_SECOND = "0021", "0031", "0032"
THIRTY_THIRD, THIRTY_FOURTH, THIRTY_FIFTH = "0033", "0034", "0035"
THIRTY_SIXTH, THIRTY_SEVENTH = "0036", "0037"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
# What a table gets where its column allows some values only.
ALLOWED = {
    ("organization", "plan"): "pro",
    ("membership", "role"): "admin",
    ("retrospective", "phase"): "commit",
    ("deleted_retrospective", "phase"): "commit",
    ("action_item", "completed_in"): "unpack",
    ("jira_connection", "state"): "connected",
    ("project_mapping", "check_state"): "ready",
    ("jira_person", "state"): "matched",
    ("issue_link", "state"): "synced",
    ("issue_link", "assignee_note"): "not-found",
    ("issue_link", "failure_code"): "refused",
    ("owed_status", "owed"): "done",
    ("owed_status", "failure_code"): "refused",
    ("sync_entry", "operation"): "create",
    ("sync_entry", "state"): "synced",
    ("sync_entry", "failure_code"): "refused",
    ("sync_attempt", "operation"): "create",
    ("sync_attempt", "outcome"): "succeeded",
    ("service_level_hour", "level"): "deliveries",
    ("mail", "kind"): "trouble",
    ("declined_mail", "kind"): "trouble",
    ("wanted_mail", "kind"): "overdue",
    ("calendar_mail", "kind"): "digest",
    ("item_change", "kind"): "title",
    ("mail", "user_id"): None,  # it belongs to the connection already
    ("mail", "address"): None,
    ("invitation", "role"): "member",
    ("one_time_link", "user_id"): None,  # it opens the invitation already
    ("one_time_link", "email_change_id"): None,
}


def reflected() -> sa.MetaData:
    tables = sa.MetaData()
    tables.reflect(db.engine, only=lambda name, _: not is_kept_by_triggers(name))
    tables.remove(tables.tables["alembic_version"])
    return tables


def rows() -> dict[str, dict[str, Any]]:
    """Each table's one row, by the names of its columns; tables without one are left out."""
    tables = reflected().sorted_tables
    with db.engine.connect() as connection:
        found = {
            table.name: connection.execute(sa.select(table)).mappings().one_or_none()
            for table in tables
        }
    return {name: dict(row) for name, row in found.items() if row is not None}


def fill() -> None:
    """One row in every table, every column filled that may be, and all rows tied together."""
    fill_tables(reflected())


def fill_tables(tables: sa.MetaData) -> None:
    """The same, of the columns that `tables` has: those of an older version, perhaps."""
    with db.engine.begin() as connection:
        for table in tables.sorted_tables:
            connection.execute(table.insert().values({c.name: value(c) for c in table.columns}))


def value(column: sa.Column[Any]) -> object:
    name = (column.table.name, column.name)
    if name in ALLOWED:
        return ALLOWED[name]
    kind = column.type.python_type
    if column.foreign_keys or (column.primary_key and kind is int):
        return 1
    samples = {int: 7, bool: True, str: column.name[:20], datetime: NOW, date: NOW.date()}
    return samples.get(kind, ["of a list"])
