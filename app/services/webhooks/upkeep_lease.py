"""The right to change a connection's webhooks: one at a time for each account and site.

Organizations may share an account on a site, and Jira lists the webhooks of all of them. What one
of them has registered and not yet recorded, another would take for an orphan.
"""

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, WorkKind
from app.models.holding import hold_all
from app.models.obstacles import installation_paused
from app.queue import KEEP_WEBHOOK, ring_after_commit
from app.services.webhooks import owed
from app.services.work import leases, lengths
from app.services.work.leases import Lease


class LeaseLost(Exception):
    """Somebody reconnected, disconnected, downgraded or took over: the work ends here."""


def take(connection_id: int) -> Lease | None:
    """Become the one that keeps the webhook; None if there is nothing to do or no right to it."""
    now = utcnow()
    rows = _same_account(connection_id)
    if connection_id not in _due(rows, now) or installation_paused(now):
        return None
    if any(_is_busy(each, now) for each in rows):
        return None
    return leases.take(connection_id, WorkKind.WEBHOOK)


def hold(lease: Lease) -> JiraConnection:
    """The connection with its work, locked, and the lease prolonged. Raises `LeaseLost`."""
    row = leases.hold_for(lease)
    if row is None or not row.organization.plan.includes_jira:
        raise LeaseLost
    return row


def hold_for_a_step(lease: Lease) -> None:
    """As `hold`, before something is changed in Jira: on hold, nothing is. Raises `LeaseLost`."""
    if hold(lease).on_hold:
        raise LeaseLost


def release(lease: Lease) -> None:
    """Give the lease back if it is still ours, and ring if upkeep is due again.

    Also after a reconnect: until then the next one waits, so that no two register at once.
    """
    rows = _same_account(lease.connection_id)
    leases.release(lease)
    for connection_id in _due(rows, utcnow()):
        ring_after_commit(connection_id, KEEP_WEBHOOK)


def _is_busy(row: JiraConnection, now: datetime) -> bool:
    until = row.works[WorkKind.WEBHOOK].lease_until
    return until is not None and now < until <= lengths.latest_end(now)


def _due(rows: list[JiraConnection], now: datetime) -> list[int]:
    """The ids of those whose upkeep is due and may be done."""
    mine = JiraConnection.id.in_([row.id for row in rows])
    due = owed.due_now(now).where(mine).order_by(JiraConnection.id)
    return [row.id for row in db.session.scalars(due)]


def _same_account(connection_id: int) -> list[JiraConnection]:
    """The connection and those that share its account and site, locked with their work."""
    own = aliased(JiraConnection)
    sharing = and_(
        own.cloud_id == JiraConnection.cloud_id, own.account_id == JiraConnection.account_id
    )
    return hold_all(select(JiraConnection).join(own, sharing).where(own.id == connection_id))
