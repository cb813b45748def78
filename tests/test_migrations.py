"""The migrations lead to what the models say, and keep what an installation holds."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from app import create_app
from app.extensions import db
from app.models import IssueLink, JiraConnection, JiraSettings, Mail, MailAbout
from tests.support import settings

FIRST = "0001"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
# What a table gets where its column allows some words only.
WORDS = {
    ("organization", "plan"): "pro",
    ("membership", "role"): "admin",
    ("retrospective", "phase"): "commit",
    ("action_item", "completed_in"): "unpack",
    ("jira_connection", "state"): "connected",
    ("project_mapping", "check_state"): "ready",
    ("jira_person", "state"): "matched",
    ("issue_link", "state"): "synced",
    ("issue_link", "assignee_note"): "not-found",
    ("issue_link", "failure_code"): "refused",
    ("sync_entry", "operation"): "create",
    ("sync_entry", "state"): "synced",
    ("sync_entry", "failure_code"): "refused",
    ("sync_attempt", "operation"): "create",
    ("sync_attempt", "outcome"): "succeeded",
}


@pytest.fixture
def installation(blank_database_url: str) -> Iterator[Flask]:
    """An app whose database has no table yet."""
    app = create_app(settings.build(database_url=blank_database_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def reflected() -> sa.MetaData:
    tables = sa.MetaData()
    tables.reflect(db.engine)
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
    """One row in every table, with something in every column, and all rows tied together."""
    tables = reflected().sorted_tables
    with db.engine.begin() as connection:
        for table in tables:
            connection.execute(table.insert().values({c.name: value(c) for c in table.columns}))


def value(column: sa.Column[Any]) -> object:
    if column.foreign_keys or column.primary_key:
        return 1
    word = WORDS.get((column.table.name, column.name))
    if word is not None:
        return word
    kind = column.type.python_type
    samples = {int: 7, bool: True, str: column.name[:20], datetime: NOW, date: NOW.date()}
    return samples.get(kind, ["of a list"])


@pytest.mark.both_databases
def test_models_and_migrations_agree(installation):
    flask_migrate.upgrade()

    with db.engine.connect() as connection:
        # SQLite words an empty default otherwise; PostgreSQL evaluates both.
        defaults = connection.dialect.name == "postgresql"
        options = {"compare_type": True, "compare_server_default": defaults}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, db.metadata) == []


@pytest.mark.both_databases
def test_an_upgrade_keeps_every_row(installation):
    flask_migrate.upgrade(revision=FIRST)
    fill()
    before = rows()

    flask_migrate.upgrade()

    after = rows()
    kept = {name: {key: row[key] for key in before[name]} for name, row in after.items()}
    assert kept == before


@pytest.mark.both_databases
def test_after_an_upgrade_nothing_new_has_been_chosen(installation):
    flask_migrate.upgrade(revision=FIRST)
    fill()

    flask_migrate.upgrade()

    link, chosen = db.session.query(IssueLink).one(), db.session.query(JiraSettings).one()
    assert (link.withdrawn, link.backfill_id) == (False, None)
    assert (chosen.webhooks_enabled, chosen.take_over_title) == (False, False)
    assert chosen.unmatched_account_id is None
    assert db.session.query(JiraConnection.webhook_failures).scalar() == 0
    assert db.session.query(Mail.about).scalar() is MailAbout.TROUBLE


def test_an_upgrade_that_would_break_a_reference_changes_nothing(installation, capsys):
    flask_migrate.upgrade(revision=FIRST)
    fill()
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("DELETE FROM action_item")
        driver.execute("PRAGMA foreign_keys = ON")

    with pytest.raises(SystemExit):
        flask_migrate.upgrade()

    assert "rows refer to rows that are not there" in capsys.readouterr().err
    assert "webhook" not in reflected().tables
    assert "withdrawn" not in reflected().tables["issue_link"].columns
    with db.engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql("DELETE FROM issue_link")
