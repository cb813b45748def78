"""When a connection may ask Jira for anything: connected, paid, and not asked to wait."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from app.extensions import db
from app.models import ConnectionState, Installation, JiraConnection, Organization, Plan


def may_ask(now: datetime) -> list[ColumnElement[bool]]:
    """Conditions on a JiraConnection joined with its organization, at `now` (aware UTC).

    The installation's own pause concerns every connection: ask `installation_paused` once.
    """
    return [
        JiraConnection.state == ConnectionState.CONNECTED,
        unpaused(now),
        Organization.plan != Plan.FREE,
    ]


def unpaused(now: datetime) -> ColumnElement[bool]:
    """That Jira has not asked the connection to wait beyond `now` (aware UTC)."""
    return or_(JiraConnection.paused_until.is_(None), JiraConnection.paused_until <= now)


def installation_paused(now: datetime) -> bool:
    """Whether Jira asked the whole installation to wait beyond `now` (aware UTC)."""
    return paused_until(None, now) is not None


def paused_until(connection: JiraConnection | None, now: datetime) -> datetime | None:
    """The later of the connection's and the installation's pause, if one is on at `now`.

    Both aware UTC.
    """
    installation = db.session.scalar(select(Installation.paused_until).where(Installation.id == 1))
    pauses = (connection.paused_until if connection else None, installation)
    return max((until for until in pauses if until is not None and until > now), default=None)
