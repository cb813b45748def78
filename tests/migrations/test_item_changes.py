"""Migration 0029 makes room for what is changed of action items."""

import flask_migrate
import pytest

from tests.migrations.rows import TWENTY_FIFTH, TWENTY_NINTH, fill, rows


@pytest.mark.both_databases
def test_what_there_is_stays_as_it_is_there_and_back(installation):
    flask_migrate.upgrade(revision=TWENTY_FIFTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=TWENTY_NINTH)
    assert rows() == before

    flask_migrate.downgrade(revision=TWENTY_FIFTH)
    assert rows() == before
