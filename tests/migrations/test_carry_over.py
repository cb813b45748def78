"""Migration 0031 makes room for action items that are carried over and dropped."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.migrations.rows import THIRTY_FIRST, TWENTY_FIRST, fill, rows

NEW = {
    "action_item": {"dropped_at", "dropped_by_id", "drop_reason"},
    "retrospective": {"looked_back_at"},
}


@pytest.mark.both_databases
def test_nothing_was_carried_over_or_dropped_before(installation):
    flask_migrate.upgrade(revision=TWENTY_FIRST)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=THIRTY_FIRST)
    after = rows()
    assert "carry_over" not in after
    for table, columns in NEW.items():
        assert [after[table].pop(name) for name in sorted(columns)] == [None] * len(columns)
    assert after == before

    flask_migrate.downgrade(revision=TWENTY_FIRST)
    assert rows() == before


@pytest.mark.both_databases
def test_the_triggers_of_action_items_are_still_there(installation):
    """SQLite makes a table anew for a change that it cannot make in place, without them."""
    flask_migrate.upgrade(revision=THIRTY_FIRST)
    fill()

    with db.engine.begin() as connection:
        opened = "UPDATE action_item SET completed_at = NULL, deleted_at = NULL"
        connection.execute(sa.text(opened))
        found = connection.execute(sa.text("SELECT action_item_id FROM never_linked")).all()

    assert [tuple(row) for row in found] == [(1,)]
