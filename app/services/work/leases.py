"""The right to do one kind of a connection's work: one process at a time has it.

It ends by itself, so that work goes on after a process that died; who is slow prolongs it.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, update

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.models import ConnectionState, JiraConnection, JiraWork, WorkKind
from app.models.holding import hold
from app.services.transactions import rows_changed
from app.services.work import lengths, owed


@dataclass(frozen=True)
class Lease:
    """The right to work for a connection, as the connection was when the lease was taken.

    length: how long it lasts without being renewed.
    """

    id: str
    kind: WorkKind
    length: timedelta
    connection_id: int
    organization_id: int
    generation: int
    cloud_id: str
    account_id: str
    site_url: str
    on_hold: bool


def take(connection_id: int, kind: WorkKind) -> Lease | None:
    """Become the one that works; None while somebody else is, or the connection is not connected.

    Whether there is anything to do, and the right to ask Jira, is for the caller to know.
    """
    lease_id, now, length = new_public_id(), utcnow(), lengths.length(kind)
    if not _changed(
        JiraWork.connection_id == connection_id,
        JiraWork.kind == kind,
        owed.free(now),
        lease_id=lease_id,
        lease_until=now + length,
    ):
        return None
    row = db.session.get_one(JiraConnection, connection_id, populate_existing=True)
    lease = Lease(
        id=lease_id,
        kind=kind,
        length=length,
        connection_id=row.id,
        organization_id=row.organization_id,
        generation=row.generation,
        cloud_id=row.cloud_id,
        account_id=row.account_id,
        site_url=row.site_url,
        on_hold=row.on_hold,
    )
    if not row.connected:
        release(lease)
        return None
    return lease


def renew(lease: Lease) -> bool:
    """Prolong the lease; False when it has ended or is not ours any more.

    Its row is locked until the commit, and nobody holds the connection with its work meanwhile.
    """
    now = utcnow()
    running = JiraWork.lease_until > now
    return _changed(*_ours(lease), running, lease_until=now + lease.length)


def release(lease: Lease) -> None:
    """Give the lease back, if it is still ours."""
    _changed(*_ours(lease), lease_id=None, lease_until=None)


def hold_for(lease: Lease) -> JiraConnection | None:
    """The connection with its work, locked, and the lease prolonged; None if it is not ours.

    A reconnect, a disconnect or a change of site ends every lease: what was read since belongs to
    another account. So does trouble that only a person, or the site's return, can mend.
    """
    connection = hold(
        lease.connection_id,
        JiraConnection.generation == lease.generation,
        JiraConnection.state == ConnectionState.CONNECTED,
    )
    if connection is None or connection.works[lease.kind].lease_id != lease.id:
        return None
    connection.works[lease.kind].lease_until = utcnow() + lease.length
    return connection


def hold_grant(lease: Lease) -> bool:
    """Whether what was read with the lease's grant may be remembered; if so, until the commit.

    After a reconnect it may be what another account sees, or another site.
    """
    return hold_of_grant(lease) is not None


def hold_of_grant(lease: Lease) -> JiraConnection | None:
    """The connection with its work, locked; None if it has another grant than the lease by now."""
    return hold(lease.connection_id, JiraConnection.generation == lease.generation)


def _ours(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return (
        JiraWork.connection_id == lease.connection_id,
        JiraWork.kind == lease.kind,
        JiraWork.lease_id == lease.id,
    )


def _changed(*conditions: ColumnElement[bool], **values: object) -> bool:
    return rows_changed(db.session, update(JiraWork).where(*conditions).values(**values)) == 1
