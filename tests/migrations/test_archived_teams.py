"""Migration 0015 makes room for archived teams and deleted retrospectives."""

import flask_migrate
import pytest

from tests.migrations.rows import FIFTEENTH, FOURTEENTH, fill, rows


@pytest.mark.both_databases
def test_what_there_is_stays_as_it_is(installation):
    flask_migrate.upgrade(revision=FOURTEENTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=FIFTEENTH)
    assert rows() == before | {"team": before["team"] | {"archived_at": None}}

    flask_migrate.downgrade(revision=FOURTEENTH)
    assert rows() == before


@pytest.mark.both_databases
def test_archived_teams_and_deleted_retrospectives_are_shown_again_on_the_way_back(installation):
    flask_migrate.upgrade(revision=FIFTEENTH)
    fill()
    before = rows()

    flask_migrate.downgrade(revision=FOURTEENTH)

    expected = {name: row for name, row in before.items() if name != "deleted_retrospective"}
    expected["team"] = {k: v for k, v in before["team"].items() if k != "archived_at"}
    assert rows() == expected
