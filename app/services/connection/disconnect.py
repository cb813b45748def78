"""Disconnecting: nothing more is sent, then our webhooks go, then the tokens (design.md §5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import literal_column, select, update

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    IssueLink,
    JiraConnection,
    Organization,
    PendingGrant,
    ProjectMapping,
    StopReason,
    User,
    WorkKind,
)
from app.models.holding import hold, hold_of
from app.services import audit
from app.services.backfill import runs
from app.services.connection.connect import forget_metadata
from app.services.errors import JiraNotConnected
from app.services.owed import webhook_upkeep
from app.services.webhooks import owed, teardown
from app.services.webhooks.teardown import LastCall

INTERRUPTED_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Farewell:
    """What is left to do once nothing is sent any more. No last call is made with a dead grant."""

    connection_id: int
    generation: int
    last_call: LastCall | None


def begin(organization: Organization, user: User) -> Farewell:
    """Stop all syncing. To be committed before anything else is done.

    Raises `JiraNotConnected` when there is nothing to disconnect.
    """
    connection = hold_of(organization)
    if connection is None or not connection.holds_grant:
        raise JiraNotConnected
    now = utcnow()
    last_call = teardown.prepare(connection, now)
    connection.generation += 1
    connection.state, connection.state_changed_at = ConnectionState.DISCONNECTED, now
    connection.disconnected_at, connection.disconnected_by_id = now, user.id
    connection.refresh_lease_id = connection.refresh_lease_until = None
    connection.works[WorkKind.METADATA].free()
    runs.stop_with_connection(connection, StopReason.DISCONNECTED, user)
    _stop_links(connection)
    audit.record(
        organization,
        user,
        "jira.disconnected",
        cloud_id=connection.cloud_id,
        site_url=connection.site_url,
    )
    return Farewell(connection.id, connection.generation, last_call)


def delete_webhooks(farewell: Farewell) -> None:
    """Delete our webhooks at Jira: at most 5 seconds, and whatever fails is only logged.

    They outlive the grant, so this is the last chance (jira-platform.md §1.7). No transaction may
    be open.
    """
    if farewell.last_call is not None:
        teardown.delete_webhooks(farewell.last_call)


def finish(farewell: Farewell) -> None:
    """Delete the tokens and all that was remembered of the site, unless somebody has reconnected.

    Project choices, links and keys stay.
    """
    connection = hold(farewell.connection_id)
    assert connection is not None
    if connection.generation == farewell.generation:
        _forget(connection)
    elif connection.connected:
        webhook_upkeep.owe_upkeep(connection)  # its webhook may have been deleted with the old one


def finish_interrupted(now: datetime) -> int:
    """Finish what a process left half done when it died; returns how many. For the ticker.

    `now` is aware UTC.
    """
    left = db.session.scalars(
        select(JiraConnection).where(
            JiraConnection.state != literal_column("'connected'"),  # by its index
            JiraConnection.state == ConnectionState.DISCONNECTED,
            JiraConnection.access_token.is_not(None),
            JiraConnection.state_changed_at < now - INTERRUPTED_AFTER,
        )
    ).all()
    for connection in left:
        _forget(connection)
    return len(left)


def _stop_links(connection: JiraConnection) -> None:
    """Nothing is due any more. A stamp stays: an unknown create is still looked up one day."""
    db.session.execute(
        update(IssueLink)
        .where(IssueLink.connection_id == connection.id, IssueLink.active)
        .values(due_at=None, due_since=None, revision=IssueLink.revision + 1)
    )


def _forget(connection: JiraConnection) -> None:
    connection.access_token = connection.refresh_token = connection.access_expires_at = None
    reading = connection.works[WorkKind.METADATA]
    reading.error = reading.not_before = None
    connection.paused_until = connection.near_limit_until = connection.outage_since = None
    db.session.flush()
    forget_metadata(connection)
    owed.forget(connection)
    db.session.execute(
        update(ProjectMapping)
        .where(ProjectMapping.organization_id == connection.organization_id)
        .values(check_wanted_at=None)
    )
    waiting = select(PendingGrant).where(PendingGrant.organization_id == connection.organization_id)
    for pending in db.session.scalars(waiting):
        db.session.delete(pending)
    db.session.flush()
