"""Who may push for a connection, and whether one more request may leave (design.md §2, fencing)."""

from datetime import timedelta

from sqlalchemy import exists, select

from app.clock import utcnow
from app.extensions import db
from app.models import Installation, JiraConnection, JiraWork, WorkKind
from app.models.obstacles import installation_pauses, may_ask, obstacle
from app.services.grants import clients
from app.services.work import leases
from app.services.work.leases import Lease

# Room between the end of the last request's timeout and the end of the lease: 5 s of 60.
MARGIN_SHARE = 12


def take(connection_id: int) -> Lease | None:
    """Take the connection's lease; None while another drain holds it or nothing may be sent."""
    lease = leases.take(connection_id, WorkKind.DRAIN)
    if lease is None:
        return None
    row = db.session.get_one(JiraConnection, connection_id)
    if obstacle(row, utcnow()) is not None:
        leases.release(lease)
        return None
    return lease


def may_send(lease: Lease) -> bool:
    """Whether one more request may leave now (design.md §2, fencing).

    The lease must outlive the request; nobody may have reconnected, disconnected, downgraded or
    paused in the meantime.
    """
    now = utcnow()
    paused = exists(select(Installation.id).where(installation_pauses(now)))
    held = (
        select(JiraWork.lease_id)
        .join(JiraConnection, JiraConnection.id == JiraWork.connection_id)
        .join(JiraConnection.organization)
        .where(
            JiraWork.connection_id == lease.connection_id,
            JiraWork.kind == lease.kind,
            JiraWork.lease_id == lease.id,
            JiraWork.lease_until > now + request_timeout() + margin(),
            JiraConnection.generation == lease.generation,
            *may_ask(now),
            ~paused,
        )
    )
    return db.session.scalar(held) is not None


def margin() -> timedelta:
    """How long a request may take to leave after it was found that it may."""
    return leases.length(WorkKind.DRAIN) / MARGIN_SHARE


def request_timeout() -> timedelta:
    """How long a request to Jira can be under way at the most."""
    return timedelta(seconds=sum(clients.timeouts()))
