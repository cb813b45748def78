"""What PostgreSQL is asked again and again it plans once, and a migration does not stop that."""

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app.extensions import db
from app.postgresql import PREPARED_AFTER
from tests.support.people import Person

HOME = "/organizations/acme"
PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE :like")


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


@pytest.fixture
def member(app: Flask, signed_in: Callable[..., Person]) -> Person:
    """Whose page was asked for often enough. A page that only reads ends with a rollback."""
    person = signed_in("facilitator@acme.test")
    for _ in range(PREPARED_AFTER + 1):
        assert person.get(HOME).status_code == 200
    return person


def prepared(like: str = "%") -> int:
    db.session.rollback()
    return int(db.session.scalar(PREPARED, {"like": like}) or 0)


def test_what_is_prepared_outlives_a_rollback(member: Person) -> None:
    few = prepared()

    assert few > 0
    assert member.get(HOME).status_code == 200
    assert prepared() >= few


def test_a_search_is_planned_for_what_is_typed(member: Person) -> None:
    for _ in range(2 * PREPARED_AFTER):
        assert member.get(f"{HOME}/action-items?text=pipeline").status_code == 200

    assert prepared() > 0
    assert prepared("%ILIKE%") == 0


def test_a_column_of_another_type_is_said_once(member: Person, database_url: str) -> None:
    assert prepared() > 0
    db.session.rollback()
    with psycopg.connect(database_url) as migration:
        migration.execute("ALTER TABLE organization ALTER COLUMN name TYPE varchar(240)")

    answers = [member.get(HOME) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [503, 200, 200, 200]
    assert answers[0].headers["Retry-After"]
