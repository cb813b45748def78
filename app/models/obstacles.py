"""Whether Jira may be asked or changed for an organization, and if not, why: the one place that
knows.

It depends on three rows: the organization's, its connection's, and the installation's.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, not_, select

from app.extensions import db
from app.models.identity import Organization, Plan
from app.models.installation import Installation
from app.models.jira import ConnectionState, JiraConnection
from app.models.prepared import prepared


class Obstacle(StrEnum):
    """What is in the way. Of several, the first in this order is the one that is named."""

    PLAN = "plan"
    CONNECTION = "connection"  # disconnected, or in trouble
    HOLD = "hold"  # an older database was restored: Jira is read, and nothing changed there
    SUSPENSION = "suspension"  # somebody paused syncing: checks, webhook and grant go on
    PAUSE = "pause"


# Each rule reads rows, and of their classes it makes a condition.
_Rule = Callable[[Any, Any, datetime], Any]
_RULES: dict[Obstacle, _Rule] = {
    Obstacle.PLAN: lambda organization, _, __: organization.plan == Plan.FREE,
    Obstacle.CONNECTION: lambda _, connection, __: connection.state != ConnectionState.CONNECTED,
    Obstacle.HOLD: lambda _, connection, __: connection.on_hold,
    Obstacle.SUSPENSION: lambda _, connection, __: connection.suspended,
    Obstacle.PAUSE: lambda _, connection, now: connection.is_paused(now),
}
assert list(_RULES) == list(Obstacle)


def obstacle(connection: JiraConnection, now: datetime) -> Obstacle | None:
    """Why nothing may be sent to Jira for the connection at `now` (aware UTC); None if it may."""
    return _first(connection, now, _RULES)


def obstacle_to_asking(connection: JiraConnection, now: datetime) -> Obstacle | None:
    """Why Jira may not even be asked; on hold it may."""
    return _first(connection, now, [each for each in _RULES if each is not Obstacle.HOLD])


def obstacle_to_upkeep(connection: JiraConnection, now: datetime) -> Obstacle | None:
    """Why the webhook is not looked after; while syncing is suspended it is."""
    return _first(connection, now, [each for each in _RULES if each is not Obstacle.SUSPENSION])


def may_change(now: datetime, *, even_suspended: bool = False) -> list[ColumnElement[bool]]:
    """As conditions on a JiraConnection joined with its organization: that nothing is in the way.

    The installation's own pause concerns every connection: add `installation_goes_on`.
    even_suspended: of what goes on while syncing is suspended.
    """
    return [*may_ask(now, even_suspended=even_suspended), not_(JiraConnection.on_hold)]


def may_ask(
    now: datetime, *, even_paused: bool = False, even_suspended: bool = False
) -> list[ColumnElement[bool]]:
    """The same of asking alone, which changes nothing in Jira and a hold allows.

    even_paused: of what only waits for the end of a pause. even_suspended: as above.
    """
    allowed = {
        Obstacle.HOLD,
        *([Obstacle.PAUSE] if even_paused else []),
        *([Obstacle.SUSPENSION] if even_suspended else []),
    }
    return [
        not_(holds(Organization, JiraConnection, now))
        for why, holds in _RULES.items()
        if why not in allowed
    ]


def _first(connection: JiraConnection, now: datetime, rules: Iterable[Obstacle]) -> Obstacle | None:
    for why in rules:
        if _RULES[why](connection.organization, connection, now):
            return why
    return Obstacle.PAUSE if installation_paused(now) else None


def installation_paused(now: datetime) -> bool:
    """Whether Jira asked the whole installation to wait beyond `now` (aware UTC)."""
    return db.session.scalar(*_paused_installation(now)) is not None


@prepared
def _paused_installation(now: datetime) -> Select[int]:
    return select(Installation.id).where(installation_pauses(now))


def installation_pauses(now: datetime) -> ColumnElement[bool]:
    """The same as a condition on the Installation."""
    return Installation.paused_until > now


def installation_goes_on(now: datetime) -> ColumnElement[bool]:
    """That it is not paused, as a condition of any statement, which then needs no other before."""
    return ~exists().where(installation_pauses(now))
