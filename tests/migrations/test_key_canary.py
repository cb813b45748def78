"""Migration 0013 makes room for the word by which a database's keys are known."""

import flask_migrate
import pytest

from tests.migrations.rows import THIRTEENTH, TWELFTH, fill, rows


@pytest.mark.both_databases
def test_the_word_is_missing_until_a_process_starts(installation):
    flask_migrate.upgrade(revision=TWELFTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=THIRTEENTH)
    assert rows() == before | {"installation": before["installation"] | {"key_canary": None}}

    flask_migrate.downgrade(revision=TWELFTH)
    assert rows() == before
