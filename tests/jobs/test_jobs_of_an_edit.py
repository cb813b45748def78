"""What goes out later rings when it is due: an edit costs one job, not one before that as well."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from redis import Redis

from app.clock import utcnow
from app.extensions import db
from app.services.outbound import links
from jobs import ticker
from tests.jobs.fields.editing import write
from tests.jobs.owing import choose, complete, reopen
from tests.support.connected import Acme

QUIET = timedelta(seconds=5)


@pytest.fixture
def synced(acme: Acme, drain: Callable[[], None], redis: Redis) -> Acme:
    choose(reopened="10000")
    acme.commit_items()
    drain()
    redis.flushdb()
    return acme


def jobs(redis: Redis) -> int:
    return redis.llen("rq:queue:sync")


def tick_after(passed: timedelta, app: Flask) -> None:
    with time_machine.travel(utcnow() + passed, tick=False):
        assert ticker.tick(app)


def test_an_edit_is_called_for_when_its_quiet_time_is_over(app, synced, redis):
    write(synced.items[0], title="Renamed")
    assert jobs(redis) == 0

    tick_after(QUIET / 2, app)
    assert jobs(redis) == 0
    tick_after(QUIET, app)

    assert jobs(redis) == 1


@pytest.mark.parametrize("act", [complete, reopen])
def test_a_status_is_called_for_when_its_quiet_time_is_over(app, synced, redis, act):
    [link] = synced.links[:1]
    complete(synced, link)
    act(synced, link)
    assert jobs(redis) == 0

    tick_after(QUIET, app)

    assert jobs(redis) == 1


def test_what_somebody_asks_for_is_called_for_at_once(synced, redis):
    links.request_sync(synced.items[0])
    db.session.commit()

    assert jobs(redis) == 1


def test_an_edit_of_what_waits_to_be_created_is_called_for_at_once(acme, redis):
    acme.commit_items()
    redis.flushdb()

    write(acme.items[0], title="Renamed")

    assert jobs(redis) == 1
