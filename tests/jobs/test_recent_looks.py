"""The issues of the latest retrospectives are looked at each quarter of an hour."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import CarryOver, LinkState, PointsPool, WorkKind
from app.services.inbound import recent_looks
from app.services.owed import reconciliations
from app.services.schedule import due_drains
from tests.support import factories
from tests.support.inbound import listening, settings_of
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def links(acme, drain):
    """Five links that were looked at just now; nothing has been asked since."""
    listening(acme)
    acme.retrospective.committed_at = utcnow()
    db.session.commit()
    reconciliations.owe(acme.connection, utcnow())
    db.session.commit()
    drain()
    acme.jira.control.clear_requests()
    return acme.links


def asked(acme) -> int:
    """How many requests read issues."""
    return sum("bulkfetch" in request["path"] for request in acme.jira.control.requests())


def after(minutes, drain) -> None:
    with time_machine.travel(utcnow() + minutes * MINUTE, tick=False):
        drain()


def is_due(acme, minutes) -> bool:
    return acme.connection.id in due_drains.due_connections(utcnow() + minutes * MINUTE)


@pytest.mark.both_databases
def test_a_change_that_nothing_told_is_found_within_a_quarter_of_an_hour(acme, drain, links):
    acme.jira.control.transition_issue(links[0].issue_key, "Done")

    assert not is_due(acme, 14)
    assert is_due(acme, 15)
    after(15, drain)

    assert links[0].action_item.complete
    assert asked(acme) == 1
    assert not is_due(acme, 29)
    assert is_due(acme, 30)


def test_in_an_hour_four_requests_are_added_at_most(acme, drain, links):
    begun = utcnow()
    for minute in range(1, 50):
        with time_machine.travel(begun + minute * MINUTE, tick=False):
            drain()

    assert asked(acme) == 3


def test_what_is_older_than_two_weeks_waits_for_the_look_at_everything(acme, drain, links):
    acme.retrospective.committed_at = utcnow() - 15 * DAY
    db.session.commit()

    after(15, drain)

    assert asked(acme) == 0


def test_what_a_late_retrospective_goes_on_with_is_looked_at(acme, drain, links):
    acme.retrospective.committed_at = utcnow() - 15 * DAY
    later = factories.retrospective(acme.retrospective.team, committed_at=utcnow())
    db.session.add(CarryOver(action_item=links[1].action_item, retrospective=later))
    acme.jira.control.transition_issue(links[1].issue_key, "Done")
    db.session.commit()

    after(15, drain)

    assert links[1].action_item.complete


def test_a_hundred_of_the_newest_are_one_request(acme, drain, links, monkeypatch):
    monkeypatch.setattr(recent_looks, "MOST", 2)
    for each in links:
        acme.jira.control.transition_issue(each.issue_key, "Done")

    after(15, drain)

    done = [each.action_item.complete for each in sorted(links, key=lambda link: link.id)]
    assert done == [False, False, False, True, True]


def test_when_points_are_short_it_is_left_out_and_nothing_waits_for_it(acme, drain, links):
    with time_machine.travel(utcnow().replace(minute=10) + 60 * MINUTE, tick=False):
        pool = db.session.query(PointsPool).one()
        pool.spent, pool.window_start = 45_000, utcnow().replace(minute=0, second=2, microsecond=0)
        acme.connection.works[WorkKind.READING].due_at = utcnow() + 40 * MINUTE
        acme.connection.works[WorkKind.READING].recent_due_at = utcnow()
        db.session.commit()
        drain()

        assert asked(acme) == 0
        assert acme.connection.points_wait_until is None
        assert acme.connection.works[WorkKind.READING].recent_due_at == utcnow() + 15 * MINUTE


@pytest.mark.parametrize("gone", [LinkState.DELETED, LinkState.UNSEEN])
def test_what_is_gone_is_not_asked_for_again_and_again(acme, drain, links, gone):
    for each in links:
        each.state = gone
    db.session.commit()

    after(15, drain)

    assert asked(acme) == 0


def test_without_webhooks_it_does_not_happen(acme, links):
    settings_of(acme).webhooks_enabled = False
    acme.connection.works[WorkKind.READING].due_at = None
    db.session.commit()

    assert not is_due(acme, 15)
