"""What is known of when somebody changed an issue in Jira, and when they completed it first."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.drain import drain_lease
from app.extensions import db
from app.jira.types import Issue
from app.services.follow_through import counting
from app.services.inbound import apply
from app.services.inbound.pending import Reading
from tests.support.inbound import deliver
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.mark.both_databases
def test_a_change_in_jira_touches_the_item_and_changes_nothing_here(acme, drain, link):
    item = link.action_item
    changed_here = item.updated_at

    with time_machine.travel(utcnow() + timedelta(minutes=20)):
        acme.jira.control.edit_issue(link.issue_key, labels=["ops"])
        deliver(acme, link)
        drain()

        assert utcnow() - timedelta(minutes=1) < item.touched_in_jira_at <= utcnow()
    assert item.updated_at == changed_here


def test_the_echo_of_our_own_push_touches_nothing(acme, drain, link):
    deliver(acme, link)
    drain()

    assert link.jira_updated_at is not None
    assert link.action_item.touched_in_jira_at is None


@pytest.mark.both_databases
def test_a_change_in_the_future_touches_the_item_now_and_is_counted(acme, link):
    """In Berlin the last second of the year 9999 lies in a year that no clock can show."""
    acme.organization.time_zone = "Europe/Berlin"
    lease, now = drain_lease.take(acme.connection.id), utcnow()
    db.session.commit()
    updated = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    issue = Issue(link.issue_id, link.issue_key, updated=updated)
    seen = apply.Seen(Reading(link.id, link.issue_id, link.issue_key), issue)

    assert apply.apply(lease, [seen], now) is not None
    db.session.commit()
    assert link.action_item.touched_in_jira_at == now
    assert counting.catch_up(utcnow()) > 0
    assert not counting.is_behind(acme.organization)


def test_done_in_jira_twice_was_first_completed_the_first_time(acme, drain, link):
    item = link.action_item
    for status in ("Done", "In Progress"):
        acme.jira.control.transition_issue(link.issue_key, status)
        deliver(acme, link)
        drain()
    first = item.first_completed_at
    assert first is not None
    assert item.completed_at is None

    with time_machine.travel(utcnow() + timedelta(days=40)):
        acme.jira.control.transition_issue(link.issue_key, "Done")
        deliver(acme, link)
        drain()

    assert item.first_completed_at == first
    assert item.completed_at > first + timedelta(days=39)
