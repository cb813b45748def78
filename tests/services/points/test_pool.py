"""Points are taken before a request leaves, by whoever comes first."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from redis import Redis
from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, PointsPool, Spending
from app.models.points import waits_for_points
from app.redis_client import client_of
from app.services.points import counted, pool
from app.services.points.counted import Asker
from tests.support.webhook_posts import other_connection

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "JIRA_POINTS", 1000)  # 990 of them are ever spent


@pytest.fixture(autouse=True)
def nothing_waits() -> Iterator[None]:
    counted.taken()
    yield
    counted.taken()


@pytest.fixture(autouse=True)
def noon() -> Iterator[Any]:
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False) as clock:
        yield clock


@pytest.fixture
def asker(connection: JiraConnection) -> Asker:
    db.session.commit()
    return Asker(connection.id, connection.cloud_id)


def spent() -> int:
    db.session.commit()
    return db.session.scalar(select(PointsPool.spent)) or 0


def test_what_is_taken_is_spent(asker: Asker) -> None:
    assert pool.take(asker, Spending.CREATES, 101)
    assert pool.take(asker, Spending.CREATES, 2)

    assert spent() == 103


def test_nobody_takes_what_is_not_there(asker: Asker) -> None:
    assert pool.take(asker, Spending.CREATES, 700)
    db.session.commit()

    assert not pool.take(asker, Spending.CREATES, 300)
    db.session.rollback()
    assert spent() == 700


def test_a_rollback_gives_the_points_back(asker: Asker) -> None:
    pool.take(asker, Spending.CREATES, 2)
    db.session.commit()
    pool.take(asker, Spending.CREATES, 500)
    db.session.rollback()

    assert spent() == 2


def test_as_many_as_fit_may_leave(asker: Asker) -> None:
    pool.take(asker, Spending.CREATES, 900)
    db.session.commit()

    # Who has had nearly all of them leaves some for others until the end of the hour.
    assert pool.affordable(asker, Spending.CREATES, [4, *[2] * 49]) == 0
    with time_machine.travel(NOON + timedelta(minutes=55), tick=False):
        assert pool.affordable(asker, Spending.CREATES, [4, *[2] * 49]) == 44


def test_updates_leave_points_for_creates(asker: Asker) -> None:
    pool.take(asker, Spending.CREATES, 200)
    connections = db.session.scalars(select(PointsPool)).one().connections
    db.session.commit()

    assert connections == 1
    free = {each: pool.affordable(asker, each, [1] * 1000) for each in Spending}
    assert free[Spending.CREATES] == 790
    assert list(free.values()) == sorted(free.values(), reverse=True)


def test_who_has_had_little_comes_before_who_has_had_much(asker: Asker) -> None:
    other = other_connection("second.atlassian.net")
    modest = Asker(other.id, other.cloud_id)
    pool.take(asker, Spending.CREATES, 750)
    db.session.commit()

    assert pool.affordable(asker, Spending.CREATES, [10]) == 0
    assert pool.affordable(modest, Spending.CREATES, [10] * 20) == 20


def test_the_next_hour_begins_anew(asker: Asker, noon: Any) -> None:
    pool.take(asker, Spending.CREATES, 900)
    db.session.commit()
    noon.move_to(NOON + timedelta(hours=1, seconds=5))

    assert pool.take(asker, Spending.CREATES, 900)
    assert spent() == 900


def test_two_workers_never_take_the_same_points(app: Flask, asker: Asker) -> None:
    """Each takes what it can get, eight at once."""
    taken: list[int] = []
    db.session.commit()

    def work() -> None:
        with app.app_context():
            for _ in range(20):
                if pool.take(asker, Spending.CREATES, 9):
                    taken.append(9)
                    db.session.commit()
                else:
                    db.session.rollback()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert spent() == sum(taken)
    assert sum(taken) <= 990
    assert sum(taken) >= 700  # what one connection alone may have by now


def test_redis_knows_nothing_of_it(asker: Asker, app: Flask, redis: Redis) -> None:
    pool.take(asker, Spending.CREATES, 700)
    db.session.commit()
    redis.flushall()
    app.extensions["redis"] = client_of("redis://127.0.0.1:1")

    assert not pool.take(asker, Spending.CREATES, 300)


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(hours=5)])
def test_a_clock_that_jumps_back_gives_no_points_twice(
    asker: Asker, noon: Any, back: timedelta
) -> None:
    noon.move_to(NOON + timedelta(minutes=40))
    pool.take(asker, Spending.CREATES, 900)
    db.session.commit()
    noon.move_to(NOON + timedelta(minutes=40) - back)

    assert not pool.take(asker, Spending.CREATES, 200)
    db.session.rollback()
    pool.settle()
    noon.move_to(NOON + timedelta(hours=1, minutes=1))
    assert pool.take(asker, Spending.CREATES, 200)


def test_a_window_of_years_ahead_ends(asker: Asker, noon: Any) -> None:
    noon.move_to(NOON + timedelta(days=2000))
    pool.take(asker, Spending.CREATES, 900)
    db.session.commit()
    noon.move_to(NOON + timedelta(minutes=1))
    counted.add(asker, 1)
    pool.settle()
    db.session.commit()
    noon.move_to(NOON + timedelta(hours=1, minutes=1))

    assert pool.take(asker, Spending.CREATES, 700)


def test_who_waits_waits_until_there_are_some(asker: Asker, connection: JiraConnection) -> None:
    pool.take(asker, Spending.CREATES, 700)
    db.session.commit()
    pool.wait(asker, Spending.UPDATES, 250)
    db.session.commit()
    db.session.refresh(connection)
    now = NOON + timedelta(minutes=1)

    assert waits_for_points(connection, Spending.CREATES, now) is None
    until = waits_for_points(connection, Spending.READS, now)
    assert until is not None
    assert now < until < NOON + timedelta(hours=1)


def test_what_was_read_is_counted_afterwards_and_what_was_paid_is_not(asker: Asker) -> None:
    counted.add(asker, 51)
    with counted.prepaid():
        counted.add(asker, 101)

    assert counted.waiting() == 51
    pool.settle()
    assert spent() == 51
    assert counted.waiting() == 0


def test_reads_that_had_their_part_wait(asker: Asker, connection: JiraConnection) -> None:
    counted.add(asker, 700)
    pool.settle()
    db.session.commit()
    pool.hold_reads(asker)
    db.session.commit()
    db.session.refresh(connection)
    now = NOON + timedelta(minutes=1)

    assert waits_for_points(connection, Spending.READS, now) is not None
    assert waits_for_points(connection, Spending.STATUSES, now) is not None
    assert waits_for_points(connection, Spending.UPDATES, now) is None


def test_where_nothing_is_to_be_counted_nothing_waits(
    asker: Asker, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "JIRA_POINTS", 0)

    assert pool.affordable(asker, Spending.READS, [10_000] * 3) == 3
    assert pool.take(asker, Spending.READS, 10_000)
    assert spent() == 0


def test_a_site_may_have_a_pool_of_its_own(
    asker: Asker, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "JIRA_POINTS_PER", "site")
    other = other_connection("second.atlassian.net")
    pool.take(asker, Spending.CREATES, 700)
    db.session.commit()

    assert pool.affordable(Asker(other.id, other.cloud_id), Spending.CREATES, [300]) == 1
