"""The migrations lead to what the models say, and keep what an installation holds."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from app import create_app
from app.extensions import db
from app.models import IssueLink, JiraSettings, JiraWork, Mail, MailKind, WorkKind
from tests.support import settings

FIRST, SECOND, THIRD = "0001", "0002", "0003"
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

    flask_migrate.upgrade(revision=SECOND)

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
    upkeep = db.session.query(JiraWork).filter_by(kind=WorkKind.WEBHOOK).one()
    assert (upkeep.failures, upkeep.due_at, upkeep.lease_id) == (0, None, None)
    assert db.session.query(Mail.kind).scalar() is MailKind.TROUBLE


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


# An e-mail as it was before migration 0004: one has got it, the other has not.
SENT = {"about": "trouble", "recipients": ["a@acme.test", "b@acme.test"], "unreached": []}
WAITING = {**SENT, "unreached": ["b@acme.test"], "sent_at": None}
ABOUT_BLOCKED = {**WAITING, "about": "blocked"}


@pytest.fixture
def mail_before(request, installation) -> dict[str, Any]:
    """Every table filled as migration 0003 left it, and the one e-mail as the test says."""
    flask_migrate.upgrade(revision=THIRD)
    fill()
    table = reflected().tables["mail"]
    with db.engine.begin() as connection:
        connection.execute(table.update().values(request.param))
        connection.execute(sa.text("UPDATE jira_connection SET state = 'needs-reconnect'"))
        connection.execute(sa.text("UPDATE jira_work SET kind = 'notices', due_at = NULL"))
    return rows()["mail"]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("mail_before", "kind", "row_ids"),
    [(WAITING, MailKind.TROUBLE, []), (ABOUT_BLOCKED, MailKind.BLOCKED, [1])],
    indirect=["mail_before"],
)
def test_an_e_mail_that_waits_keeps_who_has_got_it_and_is_written_anew(mail_before, kind, row_ids):
    flask_migrate.upgrade()

    mail = db.session.query(Mail).one()
    assert (mail.kind, mail.row_ids) == (kind, row_ids)
    assert (mail.connection_id, mail.generation) == (1, mail_before["generation"])
    assert mail.recipients == ["a@acme.test"]
    assert (mail.subject, mail.text, mail.html) == (None, None, None)
    assert (mail.due_at, mail.tries) == (NOW, mail_before["tries"])


@pytest.mark.both_databases
@pytest.mark.parametrize("mail_before", [SENT], indirect=True)
def test_there_and_back_an_e_mail_that_the_demo_keeps_is_as_before(mail_before):
    before = rows()

    flask_migrate.upgrade()
    assert db.session.query(Mail.text).scalar() == mail_before["text"]
    db.session.remove()
    flask_migrate.downgrade(revision=THIRD)

    assert rows() == before


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("mail_before", "due_at", "mapping_told"),
    [(WAITING, NOW, True), (ABOUT_BLOCKED, None, False)],
    indirect=["mail_before"],
)
def test_on_the_way_back_what_waits_is_untold_again(mail_before, due_at, mapping_told):
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision=THIRD)

    after = rows()
    assert "mail" not in after
    assert db.session.query(JiraWork.due_at).scalar() == due_at
    assert (after["project_mapping"]["blocked_mailed_at"] is not None) is mapping_told


@pytest.mark.both_databases
@pytest.mark.parametrize("mail_before", [SENT], indirect=True)
def test_on_the_way_back_e_mails_to_persons_go(mail_before):
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE mail SET user_id = 1, connection_id = NULL"))

    flask_migrate.downgrade(revision=THIRD)

    assert "mail" not in rows()
