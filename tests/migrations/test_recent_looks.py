"""Migration 0033: nothing was looked at more often before, and nothing else changes."""

import flask_migrate
import pytest

from tests.migrations.rows import THIRTY_SECOND, THIRTY_THIRD, fill, rows


@pytest.mark.both_databases
def test_rows_of_before_are_carried_on_both_ways(installation):
    flask_migrate.upgrade(revision=THIRTY_SECOND)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=THIRTY_THIRD)
    after = rows()
    assert after["jira_work"].pop("recent_due_at") is None
    assert after == before

    flask_migrate.downgrade(revision=THIRTY_SECOND)
    assert rows() == before
