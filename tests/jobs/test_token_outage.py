"""Atlassian's token endpoint is out of order when a drain needs a new token."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, FailureCode, LinkState
from app.services.schedule import due_drains

pytestmark = pytest.mark.environment(SYNC_PROBE_DELAYS="15,30", SYNC_RETRY_DELAYS="10,60,300")


def later(drain, **duration: float) -> None:
    with time_machine.travel(utcnow() + timedelta(**duration)):
        drain()


@pytest.mark.parametrize("fault", ["error", "unavailable", "drop_before", "drop_after"])
def test_items_are_retried_as_if_jira_had_not_answered(acme, drain, fault):
    acme.connection.access_expires_at = utcnow()
    acme.commit_items()
    acme.jira.control.fault(fault, "token", times=1)

    drain()

    assert acme.connection.state is ConnectionState.CONNECTED
    states = {(link.state, link.failure_code, link.tries) for link in acme.links}
    assert states == {(LinkState.RETRYING, FailureCode.JIRA_UNAVAILABLE, 1)}
    assert not due_drains.connection_is_due(acme.connection.id, utcnow())
    later(drain, minutes=1)
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert len(acme.issues()) == 5


def test_a_rate_limited_token_pauses_the_connection(acme, drain):
    acme.connection.access_expires_at = utcnow()
    acme.commit_items()
    acme.jira.control.fault("rate_limit", "token", retry_after=90, times=1)

    drain()

    assert acme.connection.paused_until > utcnow() + timedelta(seconds=80)
    assert {(link.state, link.tries) for link in acme.links} == {(LinkState.WAITING, 0)}
    later(drain, minutes=2)
    assert {link.state for link in acme.links} == {LinkState.SYNCED}


def test_an_unknown_create_keeps_its_stamp_without_a_token(acme, drain):
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    drain()
    [unknown] = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    unknown.not_before = acme.connection.access_expires_at = utcnow()
    db.session.commit()
    acme.jira.control.fault("error", "token", times=1)

    drain()

    [unknown] = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    assert unknown.stamped
    later(drain, minutes=2)
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert len(acme.issues()) == 5


def test_a_grant_that_cannot_be_examined_is_not_examined_all_the_time(acme, drain):
    acme.commit_items()
    acme.jira.control.expire_access_tokens()
    acme.jira.control.fault("error", "resources")

    drain()

    assert acme.connection.state is ConnectionState.CONNECTED
    assert not due_drains.connection_is_due(acme.connection.id, utcnow())
    acme.jira.control.clear_faults()
    later(drain, minutes=1)
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
