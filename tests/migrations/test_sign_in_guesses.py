"""Migration 0011 counts wrong passwords in rows."""

import flask_migrate
import pytest

from tests.migrations.rows import ELEVENTH, NINTH, fill, reflected, rows


@pytest.mark.both_databases
def test_the_counts_begin_at_nothing_and_go_again(installation):
    flask_migrate.upgrade(revision=NINTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=ELEVENTH)
    assert rows() == before
    assert "sign_in_guesses" in reflected().tables

    flask_migrate.downgrade(revision=NINTH)
    assert rows() == before
    assert "sign_in_guesses" not in reflected().tables
