"""A bell rings until the job that it called for has begun."""

import time

import pytest
from flask import Flask
from redis import Redis

from app import queue
from app.extensions import db

WAITING = 50


@pytest.fixture(autouse=True)
def short(app: Flask, monkeypatch: pytest.MonkeyPatch, redis: Redis) -> None:
    monkeypatch.setattr(queue, "_BELL_SECONDS", 1)
    redis.flushdb()


def jobs(redis: Redis) -> int:
    return redis.llen("rq:queue:sync")


def ring_all() -> None:
    """As the ticker does each second of whatever is due."""
    for row_id in range(1, WAITING + 1):
        queue.ring_after_commit(row_id)
    db.session.execute(db.text("SELECT 1"))
    db.session.commit()


def test_who_stands_in_a_long_line_is_not_put_there_again(redis: Redis) -> None:
    ring_all()
    assert jobs(redis) == WAITING
    time.sleep(1.2)

    ring_all()
    queue.ring(WAITING)

    assert jobs(redis) == WAITING


def test_a_job_that_was_lost_is_called_for_again(redis: Redis) -> None:
    queue.ring(7)
    redis.delete("rq:queue:sync")
    queue.ring(7)
    assert jobs(redis) == 0
    time.sleep(2.2)

    queue.ring(7)

    assert jobs(redis) == 1


def test_a_ring_during_the_run_is_heard(redis: Redis) -> None:
    ring_all()
    queue.silence(7)

    queue.ring(7)

    assert jobs(redis) == WAITING + 1
