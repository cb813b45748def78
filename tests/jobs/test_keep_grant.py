"""An unavailable site that comes back, and one that was renamed."""

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
    IssueLink,
    LinkState,
    Plan,
    WorkKind,
)
from app.queue import REFRESH_METADATA, ring_after_commit
from app.services.grants import verdicts
from app.services.work import leases
from jobs import keep_grant
from tests.jobs.looking import QUARTER, look, rings
from tests.support.connected import ENG_CLOUD

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


def old_name(acme) -> None:
    """The site was renamed since it was connected; one item has its key."""
    acme.commit_items()
    link = acme.links[0]
    link.cloud_id, link.site_url, link.issue_key = ENG_CLOUD, "http://old.example", "PLAT-1"
    acme.connection.site_url, acme.connection.site_name = "http://old.example", "Old name"
    db.session.commit()


def addresses(acme) -> set[str]:
    """What is said of the site: by the connection, and by the item's key."""
    db.session.expire_all()
    return {acme.connection.site_name, acme.connection.site_url, acme.links[0].browse_url}


def test_a_check_notices_that_a_site_was_renamed(acme, work):
    now = acme.connection.site_url
    old_name(acme)
    acme.connection.works["metadata"].due_at = utcnow()
    ring_after_commit(acme.connection.id, REFRESH_METADATA)
    db.session.commit()

    work()

    assert addresses(acme) == {"Acme Engineering", now, f"{now}/browse/PLAT-1"}
