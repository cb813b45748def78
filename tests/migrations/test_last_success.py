"""Migration 0005 drops the time that nobody read."""

import flask_migrate
import pytest

from tests.migrations.rows import FIFTH, FOURTH, fill, rows


@pytest.mark.both_databases
def test_everything_but_the_last_success_stays_there_and_back(installation):
    flask_migrate.upgrade(revision=FOURTH)
    fill()
    before = rows()
    assert before["jira_connection"].pop("last_success_at") is not None

    flask_migrate.upgrade(revision=FIFTH)
    assert rows() == before

    flask_migrate.downgrade(revision=FOURTH)
    connection = before["jira_connection"] | {"last_success_at": None}
    assert rows() == before | {"jira_connection": connection}
