"""The points of an hour: creates come first, and what waits for points fails in nothing."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import LinkState, PointsPool, PointsShare, Spending
from app.services.outbound import links
from app.services.panel import panels
from app.services.points import counted, pool
from app.services.points.counted import Asker
from demo.jira_cloud.traffic import limits
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.both_databases]

POINTS = 1000


@pytest.fixture(autouse=True)
def small(app, monkeypatch):
    """Of ours and of the stand-in's."""
    monkeypatch.setitem(app.config, "JIRA_POINTS", POINTS)
    monkeypatch.setattr(limits, "HOURLY_POINTS", POINTS)
    counted.taken()


@pytest.fixture(autouse=True)
def noon():
    """An hour that has just begun."""
    with time_machine.travel("2027-01-15 12:01:00+00:00") as clock:
        yield clock


def spend(acme, points):
    """What others asked in this hour."""
    start = pool.quota().window_start(utcnow())
    db.session.query(PointsPool).delete()
    db.session.query(PointsShare).delete()
    db.session.add(PointsPool(name="", window_start=start, spent=points, connections=1))
    db.session.commit()


def statuses(acme):
    return {each["status"] for each in acme.jira.control.requests()}


def test_what_a_drain_asks_is_what_jira_counts(acme, drain):
    before = acme.jira.control.counters()["points_this_hour"]
    acme.commit_items()

    drain()

    jiras = acme.jira.control.counters()["points_this_hour"] - before
    ours = db.session.query(PointsPool).one().spent
    assert jiras <= ours <= jiras + 5


def test_what_does_not_fit_waits_and_goes_out_in_the_next_hour(acme, drain, noon):
    acme.commit_items()
    spend(acme, 963)  # of 990

    drain()

    created = len(acme.issues())
    assert 0 < created < 5
    assert {link.tries for link in acme.links} == {0}
    until = acme.connection.points_wait_until
    assert timedelta(minutes=58) < until - utcnow() < timedelta(minutes=60)
    noon.move_to(until)
    drain()
    assert len(acme.issues()) == 5
    assert 429 not in statuses(acme)


def test_what_waits_says_so_and_needs_nobody(acme, drain):
    acme.commit_items()
    spend(acme, 990)

    drain()

    panel = panels.panel_of(acme.retrospective)
    assert {row.state.words for row in panel.rows} == {"Waiting until"}
    assert {row.state.at for row in panel.rows} == {acme.connection.points_wait_until}
    assert "only so much in an hour" in panel.rows[0].state.message.others
    assert {link.state for link in acme.links} == {LinkState.WAITING}


def test_updates_wait_where_creates_still_go_out(acme, drain):
    acme.commit_items()
    drain()
    item = acme.items[0]
    item.title = "Something else"
    links.item_edited(item)
    db.session.commit()
    spend(acme, 930)  # beyond nine tenths

    drain()

    assert "Something else" not in {each["fields"]["summary"] for each in acme.issues()}
    assert acme.connection.points_wait_from == Spending.UPDATES
    asker = Asker(acme.connection.id, acme.connection.cloud_id)
    assert pool.affordable(asker, Spending.CREATES, [2]) == 1


def test_what_others_have_spent_is_learned_from_jira(acme, drain):
    acme.jira.control._traffic.limits.spend(850, utcnow())
    acme.commit_items()

    drain()

    assert db.session.query(PointsPool).one().spent > 850
