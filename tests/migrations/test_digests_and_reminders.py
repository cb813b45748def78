"""Migration 0028 makes room for the digest and the reminders."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.migrations.rows import TWENTY_EIGHTH, TWENTY_SEVENTH, fill, rows


@pytest.mark.both_databases
def test_what_there_is_stays_and_everybody_is_looked_at_once(installation):
    flask_migrate.upgrade(revision=TWENTY_SEVENTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=TWENTY_EIGHTH)
    after = rows()
    user = before["user_account"] | dict.fromkeys(
        ("calendar_due_at", "digest_week", "reminder_day")
    )
    organization = before["organization"] | {"digest_weekday": 0, "digest_hour": 8}
    assert after == before | {"user_account": user, "organization": organization}

    flask_migrate.downgrade(revision=TWENTY_SEVENTH)
    assert rows() == before


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", ["digest", "reminder"])
def test_on_the_way_back_what_the_older_version_cannot_read_goes(installation, kind):
    flask_migrate.upgrade(revision=TWENTY_EIGHTH)
    fill()
    with db.engine.begin() as connection:
        for table in ("mail", "declined_mail"):
            rows_of = sa.table(table, sa.column("kind"))
            connection.execute(rows_of.update().values(kind=kind))

    flask_migrate.downgrade(revision=TWENTY_SEVENTH)

    assert {"mail", "declined_mail", "calendar_mail", "wanted_mail"}.isdisjoint(rows())
