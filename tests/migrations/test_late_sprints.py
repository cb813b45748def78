"""Migration 0036: no sprint was set later before, and nothing else changes."""

import flask_migrate
import pytest

from tests.migrations.rows import THIRTY_FIFTH, THIRTY_SIXTH, fill, rows


@pytest.mark.both_databases
def test_rows_of_before_are_carried_on_both_ways(installation):
    flask_migrate.upgrade(revision=THIRTY_FIFTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=THIRTY_SIXTH)
    after = rows()
    assert after["issue_link"].pop("sprint_due_at") is None
    assert after == before

    flask_migrate.downgrade(revision=THIRTY_FIFTH)
    assert rows() == before
