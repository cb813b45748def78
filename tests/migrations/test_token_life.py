"""Migration 0006 adds how long the tokens of a webhook live."""

import flask_migrate
import pytest

from tests.migrations.rows import FIFTH, SIXTH, fill, rows


@pytest.mark.both_databases
def test_a_webhook_gets_a_life_that_nothing_is_known_of_there_and_back(installation):
    flask_migrate.upgrade(revision=FIFTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=SIXTH)
    webhook = before["webhook"] | {"token_life": 0}
    assert rows() == before | {"webhook": webhook}

    flask_migrate.downgrade(revision=FIFTH)
    assert rows() == before
