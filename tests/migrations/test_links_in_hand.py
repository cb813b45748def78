"""Migration 0037: two indexes more, and every row as it was."""

import flask_migrate
import pytest
from sqlalchemy import inspect

from app.extensions import db
from tests.migrations.rows import THIRTY_SEVENTH, THIRTY_SIXTH, fill, rows

NEW = {"ix_issue_link_claimed", "ix_issue_link_assignee_note"}


def indexes() -> set[str]:
    return {str(each["name"]) for each in inspect(db.engine).get_indexes("issue_link")}


@pytest.mark.both_databases
def test_rows_of_before_are_carried_on_both_ways(installation):
    flask_migrate.upgrade(revision=THIRTY_SIXTH)
    fill()
    before, indexed = rows(), indexes()

    flask_migrate.upgrade(revision=THIRTY_SEVENTH)
    assert rows() == before
    assert indexes() == indexed | NEW

    flask_migrate.downgrade(revision=THIRTY_SIXTH)
    assert rows() == before
    assert indexes() == indexed
