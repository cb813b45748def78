"""Migrations 0011 and 0012 count wrong passwords, and keep sessions, in rows."""

import flask_migrate
import pytest

from tests.migrations.rows import ELEVENTH, NINTH, TWELFTH, fill, reflected, rows


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("earlier", "later", "table"),
    [(NINTH, ELEVENTH, "sign_in_guesses"), (ELEVENTH, TWELFTH, "user_session")],
)
def test_there_are_no_rows_at_first_and_the_table_goes_again(installation, earlier, later, table):
    flask_migrate.upgrade(revision=earlier)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=later)
    assert rows() == before
    assert table in reflected().tables

    flask_migrate.downgrade(revision=earlier)
    assert rows() == before
    assert table not in reflected().tables
