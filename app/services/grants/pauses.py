"""How long Jira wants us to wait: a link, a connection, or the whole installation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError, JiraRateLimited
from app.models import Installation, JiraConnection
from app.services.grants import installation

MISSING_RETRY_AFTER = 30.0


class PauseScope(StrEnum):
    LINK = "link"
    CONNECTION = "connection"
    INSTALLATION = "installation"


@dataclass(frozen=True)
class Pause:
    scope: PauseScope
    until: datetime


def paused_until(connection: JiraConnection | None, now: datetime) -> datetime | None:
    """The later of the connection's and the installation's pause, if one is on at `now`.

    Both aware UTC.
    """
    of_all = db.session.scalar(select(Installation.paused_until).where(Installation.id == 1))
    pauses = (connection.paused_until if connection else None, of_all)
    return max((until for until in pauses if until is not None and until > now), default=None)


def pause_if_asked(connection_id: int, error: JiraError) -> bool:
    """Let everything wait where `error` is Jira's request to slow down; whether it is.

    For what concerns no single link: a look, a search, a read of metadata.
    """
    if not isinstance(error, JiraRateLimited):
        return False
    pause_all(connection_id, pause_of(error, utcnow()))
    return True


def pause_all(connection_id: int, pause: Pause) -> None:
    """Let the connection, or the installation where its quota is used up, wait as Jira asks.

    A pause only ever grows: a shorter one that arrives later does not lift it.
    """
    row: JiraConnection | Installation
    if pause.scope is PauseScope.INSTALLATION:
        row = installation.row()
    else:
        row = db.session.get_one(JiraConnection, connection_id, populate_existing=True)
    row.paused_until = max(row.paused_until or pause.until, pause.until)


def pause_of(error: JiraRateLimited, now: datetime) -> Pause:
    """What waits after a 429, and until when (jira-platform.md §4)."""
    wait = MISSING_RETRY_AFTER if error.retry_after is None else error.retry_after
    until = now + timedelta(seconds=wait)
    scopes = {
        "jira-per-issue-on-write": PauseScope.LINK,
        "jira-quota-global-based": PauseScope.INSTALLATION,
    }
    scope = scopes.get(error.reason or "", PauseScope.CONNECTION)
    if scope is PauseScope.INSTALLATION and error.reset_at is not None:
        until = max(until, error.reset_at)
    return Pause(scope, until)
