"""Migration 0035: nobody had chosen a resolution before, and nothing else changes."""

import flask_migrate
import pytest

from tests.migrations.rows import THIRTY_FIFTH, THIRTY_FOURTH, fill, rows


@pytest.mark.both_databases
def test_rows_of_before_are_carried_on_both_ways(installation):
    flask_migrate.upgrade(revision=THIRTY_FOURTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=THIRTY_FIFTH)
    after = rows()
    assert after["jira_connection"].pop("resolutions") is None
    assert after["project_mapping"].pop("completed_resolution_id") is None
    assert after["project_mapping"].pop("completed_resolution_name") is None
    assert after == before

    flask_migrate.downgrade(revision=THIRTY_FOURTH)
    assert rows() == before
