"""Migration 0016 makes room for what a restored database has forgotten."""

import flask_migrate
import pytest

from tests.migrations.rows import SEVENTEENTH, SIXTEENTH, fill, rows


@pytest.mark.both_databases
def test_nothing_is_on_hold_and_what_there_is_stays_as_it_is(installation):
    flask_migrate.upgrade(revision=SEVENTEENTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=SIXTEENTH)

    held = {"on_hold_since": None}
    assert rows() == before | {
        "jira_connection": before["jira_connection"] | held,
        "installation": before["installation"] | held | {"restored_until": None},
    }
    flask_migrate.downgrade(revision=SEVENTEENTH)
    assert rows() == before


@pytest.mark.both_databases
def test_nothing_is_on_hold_on_the_way_back(installation):
    flask_migrate.upgrade(revision=SIXTEENTH)
    fill()
    assert "adoption" in rows()

    flask_migrate.downgrade(revision=SEVENTEENTH)

    assert "adoption" not in rows()
    assert "on_hold_since" not in rows()["jira_connection"]
