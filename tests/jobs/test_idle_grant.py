"""A grant that was not used for long is refreshed, because Atlassian would forget it."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, Installation, JiraConnection, Plan
from app.services.grants import tokens
from tests.jobs.looking import look, rings


def make_idle(acme, days: int = 61) -> None:
    long_ago = utcnow() - timedelta(days=days)
    acme.connection.refreshed_at = acme.connection.connected_at = long_ago
    acme.connection.access_expires_at = long_ago + timedelta(hours=1)
    db.session.commit()


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
