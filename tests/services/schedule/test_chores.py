"""How often the ticker asks for what, and what that is in statements: design.md §2.1 lists them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, event
from sqlalchemy.exc import OperationalError

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, WorkKind
from app.services import audit
from app.services.history import change_pages
from app.services.schedule import chores
from app.services.schedule import tick as schedule_tick
from app.services.schedule.chores import CHORES, HOUR, MINUTE, SECOND, Asked, Chore
from jobs import ticker
from tests.support.acme import acme, connect
from tests.support.source_files import ROOT

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.environment(SMTP_URL="smtp://localhost:2525"),
]

EACH = {"second": SECOND, "minute": MINUTE, "hour": HOUR}
ROW = re.compile(r"^  \| (second|minute|hour) \| (\d+) \| (.+) \|$", re.MULTILINE)
LISTED = [
    (EACH[each], int(count), words)
    for each, count, words in ROW.findall((ROOT / "docs/design.md").read_text())
]


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """What reaches the database, but for what begins a transaction."""
    found: list[str] = []

    def hear(_connection, _cursor, statement: str, *_) -> None:
        if not statement.startswith("BEGIN"):
            found.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield found
    event.remove(db.engine, "before_cursor_execute", hear)


@pytest.fixture
def settled(app: Flask, sample: None) -> Iterator[None]:
    """Everybody has been considered for the calendar's e-mails, and nothing is left to do. Nor is
    anything due within the hour: at noon on a Wednesday they have had what comes at eight."""
    noon = utcnow().replace(hour=12, minute=0, second=0)
    with time_machine.travel(noon + timedelta(days=(2 - noon.weekday()) % 7 + 7)):
        schedule_tick.clean_up(utcnow())
        db.session.commit()
        yield


def tick(asked: Asked, now: datetime) -> Asked:
    asked = schedule_tick.clean_up(now, asked)
    db.session.commit()
    assert schedule_tick.bells(now) == []
    db.session.rollback()
    return asked


def listed(*each: timedelta) -> int:
    return sum(count for every, count, _ in LISTED if every in each)


def test_a_tick_asks_what_the_design_lists(settled, statements):
    """The first asks everything, the next what is asked each second, and so on."""
    now, asked, counts = utcnow(), schedule_tick.NOTHING_ASKED, []
    for later in (SECOND, timedelta(seconds=1), MINUTE, HOUR):
        statements.clear()
        asked = tick(asked, now + later)
        counts.append(len(statements))

    everything = listed(SECOND, MINUTE, HOUR)
    assert counts == [everything, listed(SECOND), listed(SECOND, MINUTE), everything]
    assert listed(SECOND) == 11


def test_each_chore_is_asked_as_often_as_the_design_says():
    listed_chores = {words: every for every, _, words in LISTED}

    assert {chore.name: chore.every for chore in CHORES}.items() <= listed_chores.items()


def how_many() -> int:
    return db.session.query(AuditEvent).count()


def test_what_found_something_is_asked_again_until_it_finds_nothing(settled, monkeypatch):
    db.session.execute(delete(AuditEvent))
    for days in range(731, 736):
        then = utcnow() - timedelta(days=days)
        audit.record(acme(), None, "plan-changed", at=then, before="a", after="b")
    db.session.commit()
    monkeypatch.setattr(change_pages, "PRUNE_BATCH", 2)
    now, asked, left = utcnow(), schedule_tick.NOTHING_ASKED, []
    for second in range(4):
        asked = schedule_tick.clean_up(now + timedelta(seconds=second), asked)
        left.append(how_many())

    assert left == [3, 1, 0, 0]
    assert asked["old changes"] == now + timedelta(seconds=3)


def test_a_clock_that_was_set_back_stops_nothing(settled):
    now = utcnow()
    asked = schedule_tick.clean_up(now, schedule_tick.NOTHING_ASKED)

    before = [chore.name for chore in CHORES if chore.is_due(asked, now + timedelta(seconds=1))]
    set_back = [chore.name for chore in CHORES if chore.is_due(asked, now - timedelta(seconds=1))]

    assert before == ["next slice of a backfill"]
    assert set_back == [chore.name for chore in CHORES]


def test_what_was_not_committed_is_asked_again(app, settled, monkeypatch):
    db.session.rollback()
    asked: dict[str, datetime] = {}
    with monkeypatch.context() as patched:
        patched.setattr(db.session, "commit", _fails)
        assert not ticker.tick(app, asked=asked)
    assert asked == {}

    assert ticker.tick(app, asked=asked)
    assert asked.keys() == {chore.name for chore in CHORES}


def _fails() -> None:
    raise OperationalError("COMMIT", {}, Exception("gone"))


def _overflows(_now: datetime) -> int:
    acme().name = "Never kept"
    db.session.flush()
    raise OverflowError("date value out of range")


def _breaks_a_rule(_now: datetime) -> int:
    acme().slug = None
    db.session.flush()
    return 1


@pytest.mark.parametrize("do", [_overflows, _breaks_a_rule])
def test_a_chore_that_raises_keeps_nobody_from_the_others(app, settled, monkeypatch, caplog, do):
    """It leaves nothing behind, is told with its name and where, and comes again in its time."""
    name, bells = acme().name, []
    failing, first, *rest = Chore("what fails", do, MINUTE), *CHORES
    monkeypatch.setattr(chores, "CHORES", (first, failing, *rest))
    monkeypatch.setattr(ticker.schedule_tick, "bells", lambda _now: bells.append(1) or [])
    then = utcnow() - timedelta(days=731)
    audit.record(acme(), None, "plan-changed", at=then, before="a", after="b")
    db.session.commit()
    before, asked = how_many(), {}
    db.session.rollback()

    assert ticker.tick(app, asked=asked)

    assert (how_many(), acme().name, bells) == (before - 1, name, [1])
    [said] = [each for each in caplog.records if each.msg == "chore failed"]
    assert said.chore == "what fails"
    assert said.exc_info
    assert not failing.is_due(asked, utcnow())
    assert failing.is_due(asked, utcnow() + MINUTE)


def test_what_was_lost_in_an_outage_is_owed_although_a_chore_raises(app, settled, monkeypatch):
    work = connect().works[WorkKind.READING]
    work.due_at = utcnow() + HOUR
    db.session.commit()
    monkeypatch.setattr(chores, "CHORES", (Chore("what fails", _overflows, MINUTE),))

    assert ticker.tick(app, in_outage=True)

    db.session.refresh(work)
    assert work.due_at <= utcnow()
