"""A drain whose token, grant, site or plan is gone: what is due waits, and nothing is failed."""

import pytest

from app.extensions import db
from app.models import ConnectionState, LinkState, Plan
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def test_an_expired_token_is_refreshed_once_and_the_items_go_out(acme, drain):
    acme.jira.control.expire_access_tokens()
    acme.commit_items()

    drain()

    assert len(acme.issues()) == 5
    assert acme.jira.control.grants()[0]["refreshes"] == 1


def test_a_revoked_grant_needs_a_reconnect_and_the_items_wait_untouched(acme, drain):
    acme.jira.control.revoke()
    acme.commit_items()

    drain()

    assert acme.connection.state is ConnectionState.NEEDS_RECONNECT
    assert {link.state for link in acme.links} == {LinkState.WAITING}
    acme.connect()
    drain()
    assert len(acme.issues()) == 5


def test_a_site_that_is_gone_is_told_apart_from_a_dead_grant(acme, drain):
    acme.jira.control.remove_site("acme-eng")
    acme.commit_items()

    drain()

    assert acme.connection.state is ConnectionState.SITE_UNAVAILABLE


def test_one_stray_404_of_something_before_jira_stops_nothing(acme, drain):
    acme.jira.control.fault("status", "create", status=404, body="<html>Not here</html>", times=1)
    acme.commit_items()

    drain()

    assert acme.connection.connected
    assert len(acme.issues()) == 5


def test_a_downgrade_to_free_holds_everything(acme, drain):
    acme.commit_items()
    acme.organization.plan = Plan.FREE
    db.session.commit()

    drain()
    assert acme.issues() == []

    acme.organization.plan = Plan.PRO
    db.session.commit()
    drain()
    assert len(acme.issues()) == 5
