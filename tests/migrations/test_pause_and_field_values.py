"""Migration 0025 makes room for a pause, teams that do not sync and field values."""

import flask_migrate
import pytest

from tests.migrations.rows import TWENTY_EIGHTH, TWENTY_FIFTH, fill, rows


@pytest.mark.both_databases
def test_nothing_is_paused_or_left_out_and_what_there_is_stays_as_it_is(installation):
    flask_migrate.upgrade(revision=TWENTY_EIGHTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=TWENTY_FIFTH)

    added = {
        "team": {"do_not_sync": False},
        "project_mapping": {"version": 0, "values_as_default": True},
        "jira_project": {"sprints": None, "sprints_read_at": None},
    }
    assert rows() == before | {table: before[table] | each for table, each in added.items()}
    flask_migrate.downgrade(revision=TWENTY_EIGHTH)
    assert rows() == before


@pytest.mark.both_databases
def test_a_pause_is_over_on_the_way_back(installation):
    flask_migrate.upgrade(revision=TWENTY_FIFTH)
    fill()
    assert {"suspension", "mapping_value", "jira_field_options"} <= set(rows())

    flask_migrate.downgrade(revision=TWENTY_EIGHTH)

    assert not {"suspension", "mapping_value", "jira_field_options"} & set(rows())
    assert "do_not_sync" not in rows()["team"]
