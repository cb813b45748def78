"""Migration 0002 keeps what an installation holds, and chooses nothing for anybody."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from app.models import IssueLink, JiraSettings, JiraWork, Mail, MailKind, WorkKind
from tests.migrations.rows import FIRST, SECOND, fill, reflected, rows


@pytest.mark.both_databases
def test_an_upgrade_keeps_every_row(installation):
    flask_migrate.upgrade(revision=FIRST)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=SECOND)

    after = rows()
    kept = {name: {key: row[key] for key in before[name]} for name, row in after.items()}
    assert kept == before


@pytest.mark.both_databases
def test_after_an_upgrade_nothing_new_has_been_chosen(installation):
    flask_migrate.upgrade(revision=FIRST)
    fill()

    flask_migrate.upgrade()

    link, chosen = db.session.query(IssueLink).one(), db.session.query(JiraSettings).one()
    assert (link.withdrawn, link.backfill_id) == (False, None)
    assert (chosen.webhooks_enabled, chosen.take_over_title) == (False, False)
    assert chosen.unmatched_account_id is None
    upkeep = db.session.query(JiraWork).filter_by(kind=WorkKind.WEBHOOK).one()
    assert (upkeep.failures, upkeep.due_at, upkeep.lease_id) == (0, None, None)
    assert db.session.query(Mail.kind).scalar() is MailKind.TROUBLE


def test_an_upgrade_that_would_break_a_reference_changes_nothing(installation, capsys):
    flask_migrate.upgrade(revision=FIRST)
    fill()
    with db.engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("DELETE FROM action_item")
        driver.execute("PRAGMA foreign_keys = ON")

    with pytest.raises(SystemExit):
        flask_migrate.upgrade()

    assert "rows refer to rows that are not there" in capsys.readouterr().err
    assert "webhook" not in reflected().tables
    assert "withdrawn" not in reflected().tables["issue_link"].columns
    with db.engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql("DELETE FROM issue_link")
