"""What the bench leaves out of a copy of the database is there."""

import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models.few_rows import FEW_ROWS_INDEXES


@pytest.mark.both_databases
def test_each_index_of_pages_is_in_a_migrated_database(app):
    inspector = sa.inspect(db.engine)
    there = {
        each["name"]
        for table in inspector.get_table_names()
        for each in inspector.get_indexes(table)
    }

    assert set(FEW_ROWS_INDEXES) - there == set()
    assert len(FEW_ROWS_INDEXES) > 10
