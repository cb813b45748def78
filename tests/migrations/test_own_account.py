"""Migration 0014: people choose a zone, an appearance and which e-mails they get."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.migrations.rows import FOURTEENTH, THIRTEENTH, fill, reflected, rows

CHOSEN = {"time_zone_chosen": False, "appearance": "system"}


@pytest.mark.both_databases
def test_all_stays_and_nothing_is_chosen_there_and_back(installation):
    flask_migrate.upgrade(revision=THIRTEENTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=FOURTEENTH)
    user = before["user_account"] | CHOSEN
    link = before["one_time_link"] | {"email_change_id": None}
    assert rows() == before | {"user_account": user, "one_time_link": link}

    flask_migrate.downgrade(revision=THIRTEENTH)
    assert rows() == before


@pytest.mark.both_databases
def test_what_the_older_version_writes_meanwhile_is_taken(installation):
    flask_migrate.upgrade(revision=THIRTEENTH)
    older = reflected().tables
    flask_migrate.upgrade(revision=FOURTEENTH)
    with db.engine.begin() as connection:
        connection.execute(
            older["user_account"]
            .insert()
            .values(id=1, email="a@acme.test", name="A", password_hash="", time_zone="UTC",
                    created_at=sa.func.now())
        )  # fmt: skip
        connection.execute(
            older["one_time_link"].insert().values(token_hash="x", user_id=1, ends_at=sa.func.now())
        )

    assert rows()["user_account"].items() >= CHOSEN.items()


@pytest.mark.both_databases
def test_on_the_way_back_e_mails_that_the_older_version_cannot_read_go(installation):
    flask_migrate.upgrade(revision=FOURTEENTH)
    fill()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE mail SET kind = 'member-left'"))

    flask_migrate.downgrade(revision=THIRTEENTH)

    assert "mail" not in rows()


@pytest.mark.both_databases
def test_on_the_way_back_waiting_changes_and_their_links_go(installation):
    flask_migrate.upgrade(revision=FOURTEENTH)
    fill()
    with db.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE one_time_link SET invitation_id = NULL, email_change_id = 1")
        )

    flask_migrate.downgrade(revision=THIRTEENTH)

    assert "email_change" not in reflected().tables
    assert "one_time_link" not in rows()
