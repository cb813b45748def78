"""Migration 0009: a line of the Sync Log keeps the title of its action item."""

import flask_migrate
import pytest

from tests.migrations.rows import EIGHTH, NINTH, fill, rows


@pytest.mark.both_databases
def test_lines_that_are_there_get_todays_title_there_and_back(installation):
    flask_migrate.upgrade(revision=EIGHTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=NINTH)
    line = before["sync_entry"] | {"title": before["action_item"]["title"]}
    assert rows() == before | {"sync_entry": line}

    flask_migrate.downgrade(revision=EIGHTH)
    assert rows() == before
