"""Putting every connection on hold, and letting go of one (design.md §3.6)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    Adoption,
    AuditEvent,
    Installation,
    IssueLink,
    JiraConnection,
    SyncAttempt,
    SyncEntry,
    WebhookDelivery,
    WorkKind,
)
from app.models.holding import hold_all
from app.queue import ring_after_commit
from app.services import audit
from app.services.grants import installation
from app.services.owed import reconciliations, webhook_upkeep

# Whatever the engine and people do leaves a row in one of these.
_TELL_OF_TIME = (
    ActionItem.updated_at,
    AuditEvent.created_at,
    IssueLink.created_at,
    JiraConnection.refreshed_at,
    JiraConnection.state_changed_at,
    SyncAttempt.started_at,
    SyncEntry.updated_at,
    WebhookDelivery.received_at,
)


def newest_row() -> datetime | None:
    """Until when the database knows what happened (aware UTC); None of an empty one."""
    found = [db.session.scalar(select(func.max(column))) for column in _TELL_OF_TIME]
    return max(filter(None, found), default=None)


def begin(restored_until: datetime) -> list[JiraConnection]:
    """Put every connection on hold, and whoever connects for the first time from now on.

    restored_until: what was created in Jira since is looked for (aware UTC). On hold already:
    everything is looked for anew.
    """
    now, row = utcnow(), installation.row()
    row.on_hold_since, row.restored_until = row.on_hold_since or now, restored_until
    connections = hold_all(select(JiraConnection))
    for connection in connections:
        _put_on_hold(connection, restored_until, now)
        moment = restored_until.isoformat(timespec="seconds")
        audit.record(connection.organization, None, "jira.held", restored_until=moment)
    db.session.flush()
    return connections


def connected(connection: JiraConnection) -> None:
    """A new grant is there: during a hold its site is searched at once."""
    if connection.on_hold:
        adoption_of(connection).next_look_at = utcnow()
    elif connection.id is None:
        with db.session.no_autoflush:  # the connection is not whole yet
            row = db.session.get(Installation, 1)
        if row is not None and row.on_hold_since is not None and row.restored_until is not None:
            _put_on_hold(connection, row.restored_until, utcnow())


def adoption_of(connection: JiraConnection) -> Adoption:
    """The search of a connection that is on hold, or was."""
    return db.session.get_one(Adoption, connection.id, populate_existing=True)


def on_hold() -> Sequence[JiraConnection]:
    """The connections that are on hold, by the address of their organization."""
    found = db.session.scalars(select(JiraConnection).where(JiraConnection.on_hold))
    return sorted(found, key=lambda each: each.organization.slug)


def release(connection: JiraConnection) -> None:
    """Let go: what is due goes out, and webhooks and issues are looked at.

    That it may be let go is for the caller to know (`readiness`), who holds the connection.
    """
    now = utcnow()
    connection.on_hold_since = None
    adoption_of(connection).released_at = now
    audit.record(connection.organization, None, "jira.released")
    webhook_upkeep.owe_upkeep(connection)
    if connection.works[WorkKind.READING].due_at is not None:
        reconciliations.owe(connection, now)
    db.session.flush()
    if not db.session.scalar(select(exists().where(JiraConnection.on_hold))):
        installation.row().on_hold_since = None
    ring_after_commit(connection.id)


def _put_on_hold(connection: JiraConnection, restored_until: datetime, now: datetime) -> None:
    connection.on_hold_since = connection.on_hold_since or now
    row = db.session.get(Adoption, connection.id) if connection.id is not None else None
    if row is None:
        row = Adoption(connection=connection, left_alone=[], unseen_projects=[])
        row.adopted = row.quiet_looks = row.failures = 0
        db.session.add(row)
    row.restored_until, row.next_look_at, row.released_at = restored_until, now, None
    row.begin_anew(connection.generation)
    row.left_alone, row.unseen_projects = [], []
