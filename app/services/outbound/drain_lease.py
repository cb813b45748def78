"""The drain lease: one process at a time works for a connection."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import or_, select, update

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.models import ConnectionState, Installation, JiraConnection
from app.services.grants import clients
from app.services.transactions import rows_changed

# Room between the end of the last request's timeout and the end of the lease: 5 s of 60.
MARGIN_SHARE = 12


@dataclass(frozen=True)
class DrainLease:
    """The right to push for a connection, as it was when the lease was taken."""

    id: str
    connection_id: int
    organization_id: int
    generation: int
    cloud_id: str
    account_id: str
    site_url: str


def take(connection_id: int) -> DrainLease | None:
    """Take the connection's lease; None while another drain holds it or nothing may be sent."""
    lease_id, now = new_public_id(), utcnow()
    taken = rows_changed(
        db.session,
        update(JiraConnection)
        .where(
            JiraConnection.id == connection_id,
            JiraConnection.state == ConnectionState.CONNECTED,
            or_(JiraConnection.drain_lease_until.is_(None), JiraConnection.drain_lease_until < now),
        )
        .values(drain_lease_id=lease_id, drain_lease_until=now + length()),
    )
    if taken != 1:
        return None
    row = db.session.get_one(JiraConnection, connection_id, populate_existing=True)
    if not row.organization.plan.includes_jira or _paused(row):
        row.drain_lease_id = row.drain_lease_until = None
        db.session.flush()
        return None
    return DrainLease(
        id=lease_id,
        connection_id=row.id,
        organization_id=row.organization_id,
        generation=row.generation,
        cloud_id=row.cloud_id,
        account_id=row.account_id,
        site_url=row.site_url,
    )


def renew(lease: DrainLease) -> bool:
    """Prolong the lease; False when it is not ours any more."""
    renewed = rows_changed(
        db.session,
        update(JiraConnection)
        .where(
            JiraConnection.id == lease.connection_id,
            JiraConnection.drain_lease_id == lease.id,
            JiraConnection.drain_lease_until > utcnow(),
        )
        .values(drain_lease_until=utcnow() + length()),
    )
    return renewed == 1


def release(lease: DrainLease) -> None:
    """Give the lease back, if it is still ours."""
    db.session.execute(
        update(JiraConnection)
        .where(JiraConnection.id == lease.connection_id, JiraConnection.drain_lease_id == lease.id)
        .values(drain_lease_id=None, drain_lease_until=None)
    )


def may_send(lease: DrainLease) -> bool:
    """Whether one more request may leave now (design.md §2, fencing).

    The lease must outlive the request; nobody may have reconnected, disconnected, downgraded or
    paused in the meantime.
    """
    row = db.session.get_one(JiraConnection, lease.connection_id, populate_existing=True)
    return (
        row.drain_lease_id == lease.id
        and row.drain_lease_until is not None
        and row.drain_lease_until - request_timeout() - margin() > utcnow()
        and row.generation == lease.generation
        and row.connected
        and row.organization.plan.includes_jira
        and not _paused(row)
    )


def hold_grant(lease: DrainLease) -> bool:
    """Whether what was read with the lease's grant may be remembered; if so, until the commit.

    After a reconnect it may be what another account sees, or another site.
    """
    found = select(JiraConnection.id).where(
        JiraConnection.id == lease.connection_id, JiraConnection.generation == lease.generation
    )
    return db.session.scalar(found.with_for_update(key_share=True)) is not None


def length() -> timedelta:
    """How long a lease lasts without being renewed."""
    return timedelta(seconds=float(current_app.config["SYNC_LEASE"]))


def margin() -> timedelta:
    """How long a request may take to leave after it was found that it may."""
    return length() / MARGIN_SHARE


def request_timeout() -> timedelta:
    """How long a request to Jira can be under way at the most."""
    return timedelta(seconds=sum(clients.timeouts()))


def _paused(row: JiraConnection) -> bool:
    installation = db.session.get(Installation, 1, populate_existing=True)
    pauses = [row.paused_until, installation.paused_until if installation else None]
    return any(until is not None and until > utcnow() for until in pauses)
