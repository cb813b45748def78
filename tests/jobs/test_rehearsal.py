"""What every drain asks was asked once before a worker forks."""

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.drain import drain_lease, rehearsing
from app.extensions import db
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.both_databases]


@pytest.fixture
def put_together(app):
    """The statements that SQLAlchemy had not put together before."""
    made: list[str] = []

    def hear(_connection, _cursor, statement, _parameters, context, _many) -> None:
        if context.cache_hit.name in {"CACHE_MISS", "CACHING_DISABLED"}:
            made.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield made
    event.remove(db.engine, "before_cursor_execute", hear)


def of_a_drain(acme, drain, put_together) -> list[str]:
    acme.commit_items()
    put_together.clear()
    drain()
    assert len(acme.issues()) == 5
    return list(put_together)


def test_a_drain_knows_most_of_what_it_asks(acme, drain, put_together):
    db.engine.clear_compiled_cache()
    rehearsing.rehearse()

    made = of_a_drain(acme, drain, put_together)

    assert len([each for each in made if each.startswith("SELECT")]) <= 12


def test_it_writes_nothing(acme):
    ended: set[str] = set()
    for moment in ("commit", "rollback"):
        event.listen(db.engine, moment, lambda _, name=moment: ended.add(name))

    rehearsing.rehearse()

    assert ended == {"rollback"}


def test_a_database_that_is_away_keeps_no_worker_from_starting(app, monkeypatch, caplog):
    def away(_connection_id: int) -> None:
        raise OperationalError("UPDATE jira_work", {}, Exception("the server is away"))

    monkeypatch.setattr(drain_lease, "take", away)

    rehearsing.rehearse()

    assert "not rehearsed" in caplog.text
