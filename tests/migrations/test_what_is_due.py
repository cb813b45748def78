"""Migration 0021 adds indexes, and touches no row."""

import flask_migrate
import pytest

from tests.migrations.rows import fill, rows

BEFORE, AFTER = "0026", "0021"


@pytest.mark.both_databases
def test_rows_stay_as_they_are_on_both_ways(installation):
    flask_migrate.upgrade(revision=BEFORE)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=AFTER)
    assert rows() == before

    flask_migrate.downgrade(revision=BEFORE)
    assert rows() == before
