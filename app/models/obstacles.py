"""Whether Jira may be asked for an organization, and if not, why: the one place that knows.

It depends on three rows: the organization's, its connection's, and the installation's.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, not_, select

from app.extensions import db
from app.models.identity import Organization, Plan
from app.models.jira import ConnectionState, Installation, JiraConnection


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


def installation_paused(now: datetime) -> bool:
    """Whether Jira asked the whole installation to wait beyond `now` (aware UTC)."""
    return db.session.scalar(select(Installation.id).where(installation_pauses(now))) is not None


def installation_pauses(now: datetime) -> ColumnElement[bool]:
    """The same as a condition on the Installation."""
    return Installation.paused_until > now
