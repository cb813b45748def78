"""May Jira be asked for an organization, and if not, why: the same of a row and in a query."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, Installation, JiraConnection, Plan, obstacles
from app.models.obstacles import Obstacle
from app.services.errors import JiraNotConnected, PlanWithoutJira
from app.services.grants import asking
from tests.support.acme import acme, connect

MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(app, sample) -> JiraConnection:
    return connect()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("plan", "state", "pause", "held"),
    product(Plan, ConnectionState, (None, -MINUTE, MINUTE), (None, utcnow())),
)
def test_a_query_finds_whom_nothing_keeps(connection, plan, state, pause, held):
    now = utcnow()
    connection.organization.plan, connection.state = plan, state
    connection.on_hold_since = held
    connection.paused_until = now + pause if pause else None
    db.session.flush()
    asked = select(JiraConnection.id).join(JiraConnection.organization)

    may = db.session.scalar(asked.where(*obstacles.may_ask(now)))
    may_or_waits = db.session.scalar(asked.where(*obstacles.may_ask(now, even_paused=True)))

    may_change = db.session.scalar(asked.where(*obstacles.may_change(now)))

    why = obstacles.obstacle_to_asking(connection, now)
    assert (may is not None) == (why is None)
    assert (may_or_waits is not None) == (why in {None, Obstacle.PAUSE})
    assert (may_change is not None) == (obstacles.obstacle(connection, now) is None)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({}, None),
        ({"state": ConnectionState.NEEDS_RECONNECT}, Obstacle.CONNECTION),
        ({"state": ConnectionState.DISCONNECTED}, Obstacle.CONNECTION),
        ({"paused_until": utcnow() + timedelta(hours=1)}, Obstacle.PAUSE),
        ({"paused_until": utcnow() - timedelta(hours=1)}, None),
        (
            {"on_hold_since": utcnow(), "paused_until": utcnow() + timedelta(hours=1)},
            Obstacle.HOLD,
        ),
    ],
)
def test_the_reason_is_named(connection, values, why):
    for name, value in values.items():
        setattr(connection, name, value)

    assert obstacles.obstacle(connection, utcnow()) is why


def test_the_plan_is_named_before_anything_else(connection):
    connection.organization.plan = Plan.FREE
    connection.state = ConnectionState.NEEDS_RECONNECT

    assert obstacles.obstacle(connection, utcnow()) is Obstacle.PLAN


def test_a_pause_of_the_installation_holds_every_connection(connection):
    db.session.add(Installation(id=1, paused_until=utcnow() + MINUTE))

    assert obstacles.obstacle(connection, utcnow()) is Obstacle.PAUSE


def test_people_may_ask_while_a_reconnect_is_owed(connection):
    connection.state = ConnectionState.NEEDS_RECONNECT

    assert asking.usable_connection(acme()) is connection
    assert asking.require_connection(acme(), locked=True) is connection


@pytest.mark.parametrize(
    ("plan", "state", "error"),
    [
        (Plan.FREE, ConnectionState.CONNECTED, PlanWithoutJira),
        (Plan.PRO, ConnectionState.DISCONNECTED, JiraNotConnected),
    ],
)
def test_people_may_not_ask_without_plan_or_grant(connection, plan, state, error):
    connection.organization.plan, connection.state = plan, state
    db.session.flush()

    assert asking.usable_connection(acme()) is None
    with pytest.raises(error):
        asking.require_connection(acme())


def test_who_never_connected_has_no_connection(app, sample):
    with pytest.raises(JiraNotConnected):
        asking.require_connection(acme(), locked=True)
