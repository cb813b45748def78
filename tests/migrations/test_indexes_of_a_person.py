"""Migration 0017 adds indexes, and touches no row."""

import flask_migrate
import pytest

from tests.migrations.rows import NINETEENTH, SEVENTEENTH, fill, rows


@pytest.mark.both_databases
def test_rows_stay_as_they_are_on_both_ways(installation):
    flask_migrate.upgrade(revision=NINETEENTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=SEVENTEENTH)
    assert rows() == before

    flask_migrate.downgrade(revision=NINETEENTH)
    assert rows() == before
