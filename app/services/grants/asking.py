"""Whether Jira may be asked for an organization, and if not, why: the one place that knows.

People ask for things as long as the plan includes Jira and a grant is held (`usable_connection`);
whether a request may leave just now is stricter (`obstacle`, and `may_ask` in a query).
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, not_

from app.models import ConnectionState, JiraConnection, Organization, Plan
from app.models.holding import hold_of
from app.services.errors import JiraNotConnected, PlanWithoutJira
from app.services.grants.pauses import installation_paused


class Obstacle(StrEnum):
    """Why Jira may not be asked. Of several, the first in this order is the one that is named."""

    PLAN = "plan"
    CONNECTION = "connection"  # disconnected, or in trouble
    PAUSE = "pause"


# Each rule reads rows, and of their classes it makes a condition.
_Rule = Callable[[Any, Any, datetime], Any]
_RULES: dict[Obstacle, _Rule] = {
    Obstacle.PLAN: lambda organization, _, __: organization.plan == Plan.FREE,
    Obstacle.CONNECTION: lambda _, connection, __: connection.state != ConnectionState.CONNECTED,
    Obstacle.PAUSE: lambda _, connection, now: connection.is_paused(now),
}
assert list(_RULES) == list(Obstacle)


def obstacle(connection: JiraConnection, now: datetime) -> Obstacle | None:
    """Why Jira may not be asked for the connection at `now` (aware UTC); None if it may."""
    for why, holds in _RULES.items():
        if holds(connection.organization, connection, now):
            return why
    return Obstacle.PAUSE if installation_paused(now) else None


def may_ask(now: datetime, *, even_paused: bool = False) -> list[ColumnElement[bool]]:
    """The same as conditions on a JiraConnection joined with its organization, at `now`.

    The installation's own pause concerns every connection: ask `installation_paused` once.
    even_paused: of what only waits for the end of a pause.
    """
    return [
        not_(holds(Organization, JiraConnection, now))
        for why, holds in _RULES.items()
        if not (even_paused and why is Obstacle.PAUSE)
    ]


def usable_connection(organization: Organization) -> JiraConnection | None:
    """The connection for which people may ask for things, if the organization has one.

    In trouble, or during a pause, what they asked for waits.
    """
    connection = organization.connection
    usable = organization.plan.includes_jira and connection and connection.holds_grant
    return connection if usable else None


def require_connection(organization: Organization, *, locked: bool = False) -> JiraConnection:
    """As `usable_connection`; raises `PlanWithoutJira` or `JiraNotConnected` where there is none.

    locked: the row and its work are read anew and held until the transaction ends.
    """
    if not organization.plan.includes_jira:
        raise PlanWithoutJira
    connection = hold_of(organization) if locked else organization.connection
    if connection is None or not connection.holds_grant:
        raise JiraNotConnected
    return connection
