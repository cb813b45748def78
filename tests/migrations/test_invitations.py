"""Migration 0008: nobody comes in by a password that an admin may have seen."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.migrations.rows import EIGHTH, SEVENTH, fill, reflected, rows

NEW_TABLES = {"invitation", "one_time_link"}


@pytest.mark.both_databases
def test_all_stays_and_no_password_counts_as_chosen_there_and_back(installation):
    flask_migrate.upgrade(revision=SEVENTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=EIGHTH)
    user = before["user_account"] | {"password_chosen_at": None, "session_generation": 0}
    mail = before["mail"] | {"address": None}
    assert rows() == before | {"user_account": user, "mail": mail}

    flask_migrate.downgrade(revision=SEVENTH)
    assert rows() == before


@pytest.mark.both_databases
def test_on_the_way_back_invitations_links_and_e_mails_to_addresses_go(installation):
    flask_migrate.upgrade(revision=EIGHTH)
    fill()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE mail SET address = 'a@acme.test', connection_id = NULL"))
    assert rows().keys() >= NEW_TABLES

    flask_migrate.downgrade(revision=SEVENTH)

    assert not NEW_TABLES & reflected().tables.keys()
    assert "mail" not in rows()


@pytest.mark.both_databases
def test_what_the_older_version_writes_meanwhile_is_taken(installation):
    flask_migrate.upgrade(revision=EIGHTH)
    with db.engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO user_account (email, name, password_hash, time_zone, created_at)"
                " VALUES ('a@acme.test', 'A', 'scrypt:…', 'UTC', '2026-11-28 12:00:00+00:00')"
            )
        )

    assert rows()["user_account"]["session_generation"] == 0


@pytest.mark.both_databases
def test_the_upgrade_says_how_many_and_how_the_owner_comes_in(installation, capsys):
    flask_migrate.upgrade(revision=SEVENTH)
    fill()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE membership SET role = 'owner'"))
        connection.execute(sa.text("UPDATE user_account SET email = 'olga`id`@acme.test'"))
    capsys.readouterr()

    flask_migrate.upgrade(revision=EIGHTH)

    said = capsys.readouterr().out
    assert "1 password no longer signs in" in said
    assert "    flask users link 'olga`id`@acme.test'\n" in said


def test_where_there_is_nobody_the_upgrade_says_nothing(installation, capsys):
    flask_migrate.upgrade(revision=EIGHTH)

    assert capsys.readouterr().out == ""
