"""Grants that look after themselves: an unavailable site that comes back, and an idle grant."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraUnauthorized
from app.models import (
    ConnectionState,
    FailureCode,
    Installation,
    IssueLink,
    JiraConnection,
    LinkState,
    Plan,
    WorkKind,
)
from app.queue import KEEP_GRANT
from app.services.grants import tokens, verdicts
from app.services.schedule import tick
from app.services.work import leases
from jobs import keep_grant
from tests.support.connected import ENG_CLOUD

QUARTER = timedelta(minutes=15, seconds=1)
SITE = "acme-eng"


@pytest.fixture
def gone(acme, drain):
    """Acme's site has gone; five action items wait."""
    acme.jira.control.remove_site(SITE)
    acme.commit_items()
    drain()
    assert acme.connection.state is ConnectionState.SITE_UNAVAILABLE
    acme.jira.control.clear_requests()
    return acme


def rings() -> list[int]:
    """Whom the ticker would ring for at this moment."""
    found = [each for job, each in tick.bells(utcnow()) if job == KEEP_GRANT]
    db.session.commit()
    return found


def look(acme, after: timedelta = QUARTER) -> None:
    """What happens after so long."""
    with time_machine.travel(utcnow() + after):
        for connection_id in rings():
            keep_grant.run(connection_id)
    db.session.expire_all()


def make_idle(acme, days: int = 61) -> None:
    long_ago = utcnow() - timedelta(days=days)
    acme.connection.refreshed_at = acme.connection.connected_at = long_ago
    acme.connection.access_expires_at = long_ago + timedelta(hours=1)
    db.session.commit()


def test_a_site_that_comes_back_is_found_and_everything_due_goes_out(gone, drain):
    gone.jira.control.remove_site(SITE, on=False)

    look(gone)
    drain()

    assert gone.connection.connected
    assert len(gone.issues()) == 5


def test_a_site_that_stays_away_is_looked_for_ever_more_rarely(gone):
    seconds = range(0, 3600, 20)
    looks = []
    for second in seconds:
        before = len(gone.jira.control.requests("resources"))
        look(gone, timedelta(seconds=second))
        if len(gone.jira.control.requests("resources")) > before:
            looks.append(second)

    waits = [later - sooner for sooner, later in pairwise([0, *looks])]
    assert [round(wait / 60) for wait in waits] == [1, 2, 5, 10, 15, 15]
    assert gone.connection.state is ConnectionState.SITE_UNAVAILABLE


def test_a_suspended_site_that_is_still_listed_does_not_count_as_back(gone):
    gone.jira.control.remove_site(SITE, on=False)
    gateway = {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/"}
    gone.jira.control.fault("status", "myself", status=404, body=gateway)

    look(gone)

    assert gone.connection.state is ConnectionState.SITE_UNAVAILABLE


def test_what_gave_up_during_an_outage_goes_out_too(gone, drain):
    link = gone.links[0]
    link.state, link.failure_code = LinkState.ERROR, FailureCode.JIRA_UNAVAILABLE
    link.due_at = None
    gone.connection.outage_since = utcnow()
    gone.jira.control.remove_site(SITE, on=False)
    db.session.commit()

    look(gone)
    assert gone.connection.outage_since is None
    with time_machine.travel(utcnow() + 2 * QUARTER):
        drain()

    assert len(gone.issues()) == 5


def test_a_renamed_site_takes_its_keys_along(gone):
    now_at = gone.connection.site_url
    link = gone.links[0]
    link.cloud_id, link.site_url, link.issue_key = ENG_CLOUD, "http://old.example", "PLAT-1"
    gone.connection.site_url = "http://old.example"
    gone.connection.site_name = "Old name"
    gone.jira.control.remove_site(SITE, on=False)
    db.session.commit()

    look(gone)

    assert gone.connection.site_name != "Old name"
    assert gone.connection.site_url == now_at
    assert db.session.get_one(IssueLink, link.id).browse_url == f"{now_at}/browse/PLAT-1"


def test_a_grant_that_died_meanwhile_needs_a_reconnect_and_is_told_again(gone):
    gone.connection.works["notices"].due_at = None
    gone.connection.access_expires_at = utcnow()
    db.session.commit()
    gone.jira.control.revoke()

    look(gone)

    assert gone.connection.state is ConnectionState.NEEDS_RECONNECT
    assert gone.connection.works["notices"].due_at is not None


def test_the_next_trouble_is_told_again(gone):
    gone.connection.works["notices"].due_at = None
    gone.jira.control.remove_site(SITE, on=False)
    db.session.commit()

    look(gone)
    assert gone.connection.works["notices"].due_at is None
    taken = leases.take(gone.connection.id, WorkKind.GRANT)
    verdicts.give_up(taken, JiraUnauthorized("myself", reason="site"))
    db.session.commit()

    assert gone.connection.works["notices"].due_at is not None


def test_an_outage_of_atlassian_leaves_it_for_the_next_look(gone, drain):
    gone.jira.control.remove_site(SITE, on=False)
    gone.jira.control.set(down=True)
    look(gone)
    assert gone.connection.state is ConnectionState.SITE_UNAVAILABLE

    gone.jira.control.set(down=False)
    look(gone, 2 * QUARTER)

    assert gone.connection.connected


def test_whoever_reconnected_meanwhile_is_not_overruled(gone):
    from app.services.connection import grant_upkeep

    with time_machine.travel(utcnow() + QUARTER):
        claimed = grant_upkeep.claim(gone.connection.id)
        assert claimed is not None
        db.session.commit()
        gone.jira.control.remove_site(SITE, on=False)
        found = grant_upkeep.look_after(claimed)
        gone.connection.generation += 1
        db.session.commit()

        grant_upkeep.record(claimed, found)

    assert gone.connection.state is ConnectionState.SITE_UNAVAILABLE


def test_two_jobs_at_once_ask_once(gone):
    connection_id = gone.connection.id
    with time_machine.travel(utcnow() + QUARTER):
        db.session.commit()
        keep_grant.run(connection_id)
        keep_grant.run(connection_id)

    assert len(gone.jira.control.requests("resources")) == 1


def test_on_free_no_site_is_looked_for(gone):
    gone.organization.plan = Plan.FREE
    db.session.commit()
    with time_machine.travel(utcnow() + QUARTER):
        assert rings() == []


@pytest.mark.both_databases
def test_a_grant_that_was_idle_for_60_days_is_refreshed(acme):
    make_idle(acme)

    look(acme, timedelta())

    assert acme.jira.control.grants()[0]["refreshes"] == 1
    assert acme.connection.connected
    assert rings() == []


def test_one_that_was_used_is_left_alone(acme):
    make_idle(acme, days=59)

    assert rings() == []


def test_an_idle_grant_that_is_dead_needs_a_reconnect(acme):
    make_idle(acme)
    acme.jira.control.revoke()

    look(acme, timedelta())

    assert acme.connection.state is ConnectionState.NEEDS_RECONNECT


def test_a_refresh_that_fails_is_tried_again_a_quarter_of_an_hour_later(acme):
    make_idle(acme)
    acme.jira.control.set(down=True)
    look(acme, timedelta())
    assert rings() == []
    assert acme.connection.connected

    acme.jira.control.set(down=False)
    look(acme)

    assert acme.jira.control.grants()[0]["refreshes"] == 1


def test_a_grant_is_kept_alive_on_free_too(acme):
    make_idle(acme)
    acme.organization.plan = Plan.FREE
    db.session.commit()

    assert rings() == [acme.connection.id]


def test_nothing_is_asked_while_the_installation_is_paused(acme):
    make_idle(acme)
    db.session.merge(Installation(id=1, paused_until=utcnow() + timedelta(minutes=1)))

    assert rings() == []


def test_only_a_few_are_refreshed_at_once(acme):
    make_idle(acme)
    held = acme.connection
    for number in range(9):
        from tests.support import factories

        db.session.add(
            JiraConnection(
                organization=factories.organization(),
                state=ConnectionState.CONNECTED,
                cloud_id=f"c{number}",
                site_url="https://x.test",
                site_name="x",
                account_id="a",
                connected_at=held.connected_at,
                refreshed_at=held.refreshed_at,
                access_token=tokens.encrypt("a"),
                refresh_token=tokens.encrypt("r"),
                access_expires_at=held.access_expires_at,
            )
        )

    assert len(rings()) == 5
