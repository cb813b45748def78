"""Migration 0012 makes sessions rows."""

import flask_migrate
import pytest

from tests.migrations.rows import ELEVENTH, TWELFTH, fill, reflected, rows


@pytest.mark.both_databases
def test_nobody_has_a_session_there_and_back(installation):
    flask_migrate.upgrade(revision=ELEVENTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=TWELFTH)
    assert rows() == before
    assert "user_session" in reflected().tables

    flask_migrate.downgrade(revision=ELEVENTH)
    assert rows() == before
    assert "user_session" not in reflected().tables
