"""A job that raises what nobody expected does not run once a second for ever."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.drain.rounds import Drain
from app.extensions import db
from app.models import WorkKind
from app.queue import SYNC_CONNECTION
from app.services.schedule import tick
from jobs import sync_connection


@pytest.fixture
def crashing(acme, monkeypatch):
    """Five action items are due, and every drain of theirs raises."""

    def crash(_: Drain) -> bool:
        raise ZeroDivisionError

    acme.commit_items()
    db.session.commit()
    monkeypatch.setattr(Drain, "round", crash)
    return acme


def is_rung(acme) -> bool:
    found = (SYNC_CONNECTION, acme.connection.id) in tick.bells(utcnow())
    db.session.commit()
    return found


def run(acme) -> None:
    """Drain as a worker does, which finds out that it cannot."""
    connection_id = acme.connection.id
    db.session.commit()
    with pytest.raises(ZeroDivisionError):
        sync_connection.run(connection_id)
    db.session.expire_all()


@pytest.mark.both_databases
def test_it_waits_longer_each_time(crashing):
    ran, start = [], utcnow()
    for second in range(0, 600, 5):
        with time_machine.travel(start + timedelta(seconds=second), tick=False):
            if is_rung(crashing):
                run(crashing)
                ran.append(second)

    waits = [later - sooner for sooner, later in zip(ran, ran[1:], strict=False)]
    assert waits == [10, 30, 90, 270]


def test_once_mended_everything_goes_out_after_the_wait(crashing, monkeypatch, drain):
    run(crashing)
    monkeypatch.undo()

    assert not is_rung(crashing)
    with time_machine.travel(utcnow() + timedelta(seconds=11)):
        assert is_rung(crashing)
        drain()

    assert len(crashing.issues()) == 5


def test_trouble_of_long_ago_is_forgotten(crashing):
    for days in (0, 1):
        with time_machine.travel(utcnow() + timedelta(days=days)):
            run(crashing)
            assert crashing.connection.works[WorkKind.DRAIN].failures == 1
