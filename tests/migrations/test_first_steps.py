"""Migration 0030: who was there before is not new."""

import flask_migrate
import pytest

from tests.migrations.rows import THIRTIETH, TWENTY_FOURTH, fill, rows


@pytest.mark.both_databases
def test_what_there_is_stays_and_is_not_new(installation):
    flask_migrate.upgrade(revision=TWENTY_FOURTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=THIRTIETH)
    after = rows()
    assert after["organization"].pop("first_steps_hidden_at") is not None
    assert after == before

    flask_migrate.downgrade(revision=TWENTY_FOURTH)
    assert rows() == before
