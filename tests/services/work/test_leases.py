"""Who may do a connection's work, whatever the clocks of our machines say."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import WorkKind
from app.queue import KEEP_WEBHOOK
from app.services.grants import tokens
from app.services.schedule import tick
from app.services.webhooks import upkeep_lease
from app.services.work import leases

KINDS = [WorkKind.DRAIN, WorkKind.METADATA, WorkKind.WEBHOOK]
TWO_HOURS, HALF_A_MINUTE = timedelta(hours=2), timedelta(seconds=30)


def hold(acme, kind: WorkKind, length: timedelta) -> None:
    """Somebody else took the lease, by a clock of theirs."""
    work = acme.connection.works[kind]
    work.lease_id, work.lease_until = "somebody-else", utcnow() + length
    db.session.commit()


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", KINDS)
def test_a_lease_that_no_right_clock_wrote_holds_nothing(acme, kind):
    hold(acme, kind, TWO_HOURS)

    assert leases.take(acme.connection.id, kind) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_one_whose_clock_is_a_little_ahead_is_left_at_it(acme, kind):
    hold(acme, kind, leases.lengths.length(kind) + HALF_A_MINUTE)

    assert leases.take(acme.connection.id, kind) is None


def test_the_ticker_rings_for_what_a_wrong_clock_holds(acme):
    acme.commit_items()
    hold(acme, WorkKind.DRAIN, TWO_HOURS)

    assert acme.connection.id in [each for _, each in tick.bells(utcnow())]


def test_the_upkeep_of_webhooks_goes_on_beside_a_wrong_clock(acme):
    acme.connection.works[WorkKind.WEBHOOK].due_at = utcnow()
    hold(acme, WorkKind.WEBHOOK, TWO_HOURS)

    rung = [each for job, each in tick.bells(utcnow()) if job == KEEP_WEBHOOK]
    assert rung == [acme.connection.id]
    assert upkeep_lease.take(acme.connection.id) is not None


def test_a_refresh_begun_by_a_wrong_clock_is_not_waited_for(acme):
    connection = acme.connection
    connection.access_expires_at = utcnow()
    connection.refresh_lease_id = "somebody-else"
    connection.refresh_lease_until = utcnow() + TWO_HOURS
    connection_id = connection.id
    db.session.commit()

    assert tokens.access_token_of(connection_id).value
    assert acme.jira.control.grants()[0]["refreshes"] == 1
