"""Migration 0019 makes room for what is counted by the hour."""

import flask_migrate
import pytest

from tests.migrations.rows import EIGHTEENTH, NINETEENTH, fill, rows


@pytest.mark.both_databases
def test_what_there_is_stays_as_it_is(installation):
    flask_migrate.upgrade(revision=EIGHTEENTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=NINETEENTH)
    assert rows() == before

    flask_migrate.downgrade(revision=EIGHTEENTH)
    assert rows() == before


@pytest.mark.both_databases
def test_on_the_way_back_what_was_counted_goes(installation):
    flask_migrate.upgrade(revision=NINETEENTH)
    fill()
    before = rows()
    before.pop("service_level_hour")

    flask_migrate.downgrade(revision=EIGHTEENTH)

    assert rows() == before
