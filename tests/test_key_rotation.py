"""`flask keys re-encrypt`: every stored token under the newest key, beside a running product."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from app import starting
from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, PendingGrant, User
from app.services.grants import key_canary, key_rotation, tokens
from config import ConfigurationError
from tests.support.acme import connect
from tests.support.at_once import at_once

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def keys(app: Flask, *newest_first: str) -> None:
    app.config["TOKEN_ENCRYPTION_KEYS"] = list(newest_first)


@pytest.fixture
def stored(app: Flask, sample: None) -> JiraConnection:
    """A connection and a pending grant whose tokens are under the old key, which is not the first
    any more."""
    keys(app, OLD)
    connection = connect()
    connection.access_token, connection.refresh_token = map(tokens.encrypt, ("access", "refresh"))
    db.session.add(
        PendingGrant(
            organization_id=connection.organization_id,
            user_id=db.session.query(User.id).limit(1).scalar(),
            access_token=tokens.encrypt("another access"),
            refresh_token=tokens.encrypt("another refresh"),
            access_expires_at=utcnow(),
            account_id="a",
            account_name="A",
            sites=[],
            expires_at=utcnow() + timedelta(minutes=15),
        )
    )
    db.session.commit()
    keys(app, NEW, OLD)
    return connection


def reencrypt(app: Flask, code: int = 0) -> str:
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["keys", "re-encrypt"])
    assert result.exit_code == code, result.output
    db.session.expire_all()
    return result.output


@pytest.mark.both_databases
def test_afterwards_the_old_key_is_not_needed(app, stored):
    said = reencrypt(app)
    keys(app, NEW)

    pending = db.session.query(PendingGrant).one()
    assert tokens.decrypt(stored.access_token) == "access"
    assert tokens.decrypt(stored.refresh_token) == "refresh"
    assert tokens.decrypt(pending.refresh_token) == "another refresh"
    assert "connections: 1 re-encrypted, 0 had the newest key" in said
    assert "pending grants: 1 re-encrypted" in said


def test_a_second_run_finds_nothing_to_do(app, stored):
    reencrypt(app)
    before = stored.access_token

    assert "connections: 0 re-encrypted, 1 had the newest key" in reencrypt(app)
    assert stored.access_token == before


def test_a_disconnected_connection_has_no_tokens_to_count(app, stored):
    stored.access_token = stored.refresh_token = None

    assert "connections: 0 re-encrypted, 0 had the newest key" in reencrypt(app)


def test_tokens_that_no_key_decrypts_are_told_and_left_alone(app, stored):
    keys(app, NEW)
    before = stored.access_token

    said = reencrypt(app, code=1)

    assert "No key decrypts 2 of them" in said
    assert stored.access_token == before


@pytest.mark.both_databases
def test_a_pair_that_a_refresh_has_just_replaced_is_not_put_back(app, stored, monkeypatch):
    connection_id = stored.id
    db.session.commit()
    as_it_is = tokens.reencrypt

    def meanwhile_refreshed(text: str) -> str:
        monkeypatch.setattr(tokens, "reencrypt", as_it_is)
        row = db.session.get_one(JiraConnection, connection_id)
        row.access_token, row.refresh_token = map(tokens.encrypt, ("newer", "newest"))
        db.session.flush()
        return as_it_is(text)

    monkeypatch.setattr(tokens, "reencrypt", meanwhile_refreshed)
    for _ in key_rotation.reencrypt_all(JiraConnection):
        db.session.commit()

    row = db.session.get_one(JiraConnection, connection_id, populate_existing=True)
    assert tokens.decrypt(row.refresh_token) == "newest"


@pytest.mark.both_databases
def test_a_process_does_not_start_with_other_keys(app, sample):
    keys(app, OLD)
    starting.refuse(app)  # nobody has connected yet
    keys(app, NEW)

    with pytest.raises(ConfigurationError, match="does not hold the key"):
        starting.refuse(app)
    keys(app, NEW, OLD)
    starting.refuse(app)


def test_nor_with_other_keys_than_before_there_was_a_word(app, stored):
    keys(app, NEW)

    with pytest.raises(ConfigurationError, match="flask keys forget-lost"):
        starting.refuse(app)


def test_the_word_goes_under_the_newest_key_with_the_rest(app, stored):
    starting.refuse(app)
    reencrypt(app)
    keys(app, NEW)

    starting.refuse(app)


def test_a_lost_key_is_given_up_by_a_command(app, stored):
    keys(app, NEW)
    db.session.commit()

    asked = app.test_cli_runner().invoke(args=["keys", "forget-lost"], input="n\n")
    assert asked.exit_code == 1
    with pytest.raises(ConfigurationError):
        starting.refuse(app)
    done = app.test_cli_runner().invoke(args=["keys", "forget-lost"], input="y\n")

    assert "Start the processes." in done.output
    starting.refuse(app)


@pytest.mark.both_databases
def test_processes_that_start_at_once_agree(app, sample):
    keys(app, OLD)
    db.session.commit()

    def start() -> bool:
        starting.refuse(app)
        return True

    assert at_once(*[start] * 3) == [True] * 3
    assert key_canary.is_readable()
