"""Migration 0032: one completion of before is the first, and everything is still to be counted."""

from datetime import UTC, datetime

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.migrations.rows import NOW, THIRTY_FIRST, THIRTY_SECOND, fill, reflected, rows

NEW = {"action_item": {"first_completed_at", "touched_in_jira_at"}, "organization": {"time_zone"}}


def uncounted() -> list[tuple[object, ...]]:
    asked = "SELECT DISTINCT organization_id, team_id FROM uncounted"
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(asked))]


def fill_with(**item: object) -> None:
    fill()
    table = reflected().tables["action_item"]
    with db.engine.begin() as connection:
        connection.execute(table.update().values(**item))


def aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@pytest.mark.both_databases
def test_rows_of_before_are_carried_on_both_ways(installation):
    flask_migrate.upgrade(revision=THIRTY_FIRST)
    fill_with(dropped_at=None)
    before = rows()

    flask_migrate.upgrade(revision=THIRTY_SECOND)
    after = rows()

    assert aware(after["action_item"]["first_completed_at"]) == NOW
    assert after["organization"]["time_zone"] is None  # nobody owns it
    assert uncounted() == [(1, 1)]
    assert "counted_month" not in after
    for table, columns in NEW.items():
        for name in columns:
            del after[table][name]
    assert after == before

    flask_migrate.downgrade(revision=THIRTY_FIRST)
    assert rows() == before


@pytest.mark.both_databases
def test_what_was_dropped_was_never_completed(installation):
    flask_migrate.upgrade(revision=THIRTY_FIRST)
    fill_with(dropped_at=NOW)

    flask_migrate.upgrade(revision=THIRTY_SECOND)

    assert rows()["action_item"]["first_completed_at"] is None


@pytest.mark.both_databases
def test_a_change_in_jira_after_our_last_push_is_known(installation):
    flask_migrate.upgrade(revision=THIRTY_FIRST)
    fill_with(completed_at=None, dropped_at=None)
    later = NOW.replace(day=9)
    link = reflected().tables["issue_link"]
    with db.engine.begin() as connection:
        connection.execute(link.update().values(jira_updated_at=later, synced_at=NOW))

    flask_migrate.upgrade(revision=THIRTY_SECOND)

    assert aware(rows()["action_item"]["touched_in_jira_at"]) == later


@pytest.mark.both_databases
def test_the_owners_zone_is_that_of_the_organization(installation):
    flask_migrate.upgrade(revision=THIRTY_FIRST)
    fill()
    tables = reflected().tables
    with db.engine.begin() as connection:
        connection.execute(tables["membership"].update().values(role="owner"))
        connection.execute(tables["user_account"].update().values(time_zone="Europe/Prague"))

    flask_migrate.upgrade(revision=THIRTY_SECOND)

    assert rows()["organization"]["time_zone"] == "Europe/Prague"
