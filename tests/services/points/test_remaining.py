"""What Jira itself says of the points that are left is believed where it has counted more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.drain import spending
from app.drain.current import Current
from app.extensions import db
from app.jira.points import Left, left_of
from app.models import JiraConnection, PointsPool, Spending, WorkKind
from app.services.points import counted, pool
from app.services.points.counted import Asker
from app.services.work import leases

pytestmark = pytest.mark.both_databases

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
QUOTA, BURST = '"global-app-quota";r=1200;t=600', '"jira-burst-based";r=3;t=1'


@pytest.fixture(autouse=True)
def small(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(app.config, "JIRA_POINTS", 1000)
    counted.taken()
    counted.remaining()
    yield
    counted.remaining()


@pytest.fixture(autouse=True)
def noon() -> Iterator[Any]:
    with time_machine.travel(NOON + timedelta(minutes=40), tick=False) as clock:
        yield clock


@pytest.fixture
def asker(connection: JiraConnection) -> Asker:
    db.session.commit()
    found = Asker(connection.id, connection.cloud_id)
    assert pool.take(found, Spending.CREATES, 101)
    db.session.commit()
    return found


def settled() -> int:
    """What is spent, once it was settled."""
    pool.settle()
    db.session.commit()
    return db.session.scalar(select(PointsPool.spent)) or 0


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"Beta-RateLimit": '"global-app-quota";r=1200;t=600'}, Left(1200, 600)),
        ({"RateLimit": '"global-app-quota"; t=600; r=0'}, Left(0, 600)),
        ({"RateLimit": '"tenant-app-quota";r=17842;t=2107'}, Left(17842, 2107, of_site=True)),
        ({"RateLimit": f"{QUOTA}, {BURST}"}, Left(1200, 600)),
        ({"RateLimit": f"{BURST},{QUOTA}"}, Left(1200, 600)),
        ({"RateLimit": BURST}, None),
        ({"RateLimit": f'{BURST},"global-app-quota";t=600'}, None),
        ({"RateLimit": BURST, "Beta-RateLimit": QUOTA}, Left(1200, 600)),
        ({"Beta-RateLimit-Policy": '"global-app-quota";q=65000;w=3600'}, None),
        ({"Beta-RateLimit": '"global-app-quota";r=many;t=600'}, None),
        ({"Beta-RateLimit": '"global-app-quota";r=12'}, None),
        ({}, None),
    ],
)
def test_what_is_left_is_read_where_an_answer_tells_it(
    headers: dict[str, str], left: Left | None
) -> None:
    assert left_of(headers) == left


def test_where_jira_has_counted_more_its_count_holds_for_all(asker: Asker) -> None:
    counted.add(asker, 51, Left(100, 20 * 60))

    assert settled() == 900
    assert not pool.take(asker, Spending.CREATES, 91)


def test_what_takes_points_before_it_leaves_is_told_as_well(asker: Asker) -> None:
    with counted.prepaid():
        counted.add(asker, 101, Left(150, 20 * 60))

    assert counted.owed()
    assert settled() == 850
    assert not counted.owed()


def test_what_a_drain_was_told_with_what_it_sent_holds_for_its_next_round(asker: Asker) -> None:
    lease = leases.take(asker.connection_id, WorkKind.DRAIN)
    assert lease is not None
    with counted.prepaid():
        counted.add(asker, 2, Left(0, 20 * 60))
    assert pool.affordable(asker, Spending.CREATES, [2]) == 1

    spending.settle(Current(lease))

    assert pool.affordable(asker, Spending.CREATES, [2]) == 0


def test_where_we_have_counted_more_ours_holds(asker: Asker) -> None:
    counted.add(asker, 51, Left(990, 20 * 60))

    assert settled() == 152


def test_the_last_word_of_an_hour_says_nothing_of_the_next(asker: Asker, noon: Any) -> None:
    noon.move_to(NOON + timedelta(hours=1, seconds=5))
    counted.add(asker, 3, Left(0, 2))

    assert settled() == 3


@pytest.mark.parametrize(
    "left", [Left(0, 1), Left(0, 17 * 60), Left(0, 86_400), Left(0, 20 * 60, of_site=True)]
)
def test_what_is_not_of_our_points_or_our_window_changes_nothing(asker: Asker, left: Left) -> None:
    counted.add(asker, 3, left)

    assert settled() == 104


def test_where_each_site_has_its_own_points_their_count_holds_for_the_site(
    asker: Asker, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "JIRA_POINTS_PER", "site")
    counted.add(asker, 51, Left(0, 20 * 60))
    counted.add(asker, 51, Left(100, 20 * 60, of_site=True))
    pool.settle()
    db.session.commit()

    spent = db.session.execute(select(PointsPool.name, PointsPool.spent))
    assert dict(spent.all()) == {pool.INSTALLATION: 101, asker.cloud_id: 900}


def test_nothing_is_believed_where_nothing_is_to_be_counted(
    asker: Asker, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "JIRA_POINTS", 0)
    counted.add(asker, 3, Left(0, 20 * 60))

    assert settled() == 101
