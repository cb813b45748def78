"""Migration 0026: nothing is spent and nothing waits when it comes."""

import flask_migrate
import pytest

from tests.migrations.rows import TWENTY_SIXTH, TWENTY_THIRD, fill, rows

NEW = ("points_wait_from", "points_wait_until")


@pytest.mark.both_databases
def test_what_there_is_stays_and_nothing_waits(installation):
    flask_migrate.upgrade(revision=TWENTY_THIRD)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=TWENTY_SIXTH)
    after = rows()
    assert [after["jira_connection"].pop(name) for name in NEW] == [None, None]
    assert {name: row for name, row in after.items() if name in before} == before

    flask_migrate.downgrade(revision=TWENTY_THIRD)
    assert rows() == before
