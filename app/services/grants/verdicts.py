"""After Atlassian turned a token down: does the grant still work, and does it reach the site?"""

import logging
from enum import StrEnum
from typing import Protocol

from sqlalchemy import update

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraUnauthorized
from app.models import ConnectionState, JiraConnection
from app.services.grants.tokens import AccessToken, oauth
from app.services.transactions import rows_changed

log = logging.getLogger(__name__)


class Lease(Protocol):
    """The right to work for a connection, of whichever kind, as the connection was then."""

    @property
    def connection_id(self) -> int: ...

    @property
    def generation(self) -> int: ...


class Verdict(StrEnum):
    USABLE = "usable"
    SITE_UNAVAILABLE = "site-unavailable"


def examine(token: AccessToken, error: JiraUnauthorized) -> Verdict:
    """Look once at what the freshly refreshed token reaches. Raises any JiraError."""
    reachable = {site.cloud_id for site in oauth().sites(token.value)}
    if token.cloud_id not in reachable or error.reason == "site":
        return Verdict.SITE_UNAVAILABLE
    return Verdict.USABLE


def apply(lease: Lease, verdict: Verdict) -> None:
    """Write the verdict to the connection. Due links stay as they are."""
    if verdict is Verdict.SITE_UNAVAILABLE:
        _set_state(lease, ConnectionState.SITE_UNAVAILABLE)


def give_up(lease: Lease, error: JiraUnauthorized) -> None:
    """Turned down again right after a good refresh: only a new consent helps."""
    by_reason = {"site": ConnectionState.SITE_UNAVAILABLE}
    _set_state(lease, by_reason.get(error.reason, ConnectionState.NEEDS_RECONNECT))


def _set_state(lease: Lease, state: ConnectionState) -> None:
    changed = rows_changed(
        db.session,
        update(JiraConnection)
        .where(
            JiraConnection.id == lease.connection_id,
            JiraConnection.generation == lease.generation,
            JiraConnection.state == ConnectionState.CONNECTED,
        )
        .values(state=state, state_changed_at=utcnow()),
    )
    if changed:
        log.warning(
            "connection stopped", extra={"connection_id": lease.connection_id, "state": state}
        )
