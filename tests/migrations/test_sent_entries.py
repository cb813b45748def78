"""Migration 0034: other indexes, and the rows as they were."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.migrations.rows import THIRTY_FOURTH, THIRTY_THIRD, fill, rows


@pytest.mark.both_databases
def test_rows_stay_and_the_indexes_change_on_both_ways(installation):
    flask_migrate.upgrade(revision=THIRTY_THIRD)
    fill()
    before, indexes = rows(), _indexes()

    flask_migrate.upgrade(revision=THIRTY_FOURTH)
    assert rows() == before
    assert _indexes() - indexes == {"ix_sync_entry_sent_at_once", "ix_sync_entry_sent_after_retry"}
    assert indexes - _indexes() == {"ix_sync_entry_at_once", "ix_sync_entry_after_retry"}

    flask_migrate.downgrade(revision=THIRTY_THIRD)
    assert (rows(), _indexes()) == (before, indexes)


def _indexes() -> set[str]:
    return {each["name"] for each in sa.inspect(db.engine).get_indexes("sync_entry")}
