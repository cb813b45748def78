"""The right to change a connection's webhooks: one at a time for each account and site.

Organizations may share an account on a site, and Jira lists the webhooks of all of them. What one
of them has registered and not yet recorded, another would take for an orphan.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.models import ConnectionState, JiraConnection
from app.queue import KEEP_WEBHOOK, ring_after_commit
from app.services.grants.pauses import installation_paused

# Longer than a refresh of the token and one request can take; renewed before each request.
LEASE = timedelta(seconds=120)


class LeaseLost(Exception):
    """Somebody reconnected, disconnected, downgraded or took over: the work ends here."""


@dataclass(frozen=True)
class WebhookLease:
    """The right to work for a connection, as the connection was when it was taken."""

    id: str
    connection_id: int
    generation: int
    cloud_id: str
    account_id: str


def take(connection_id: int) -> WebhookLease | None:
    """Become the one that keeps the webhook; None if there is nothing to do or no right to it."""
    now = utcnow()
    rows = _same_account(connection_id)
    row = next((each for each in rows if each.id == connection_id), None)
    if row is None or not may_work(row, now) or installation_paused(now):
        return None
    if any(each.webhook_lease_until and each.webhook_lease_until > now for each in rows):
        return None
    row.webhook_lease_id, row.webhook_lease_until = new_public_id(), now + LEASE
    db.session.flush()
    return WebhookLease(row.webhook_lease_id, row.id, row.generation, row.cloud_id, row.account_id)


def may_work(row: JiraConnection, now: datetime) -> bool:
    """Whether upkeep is due for the connection, and it may ask Jira. `now` is aware UTC."""
    return (
        row.webhook_due_at is not None
        and row.webhook_due_at <= now
        and row.connected
        and row.organization.plan.includes_jira
        and (row.paused_until is None or row.paused_until <= now)
    )


def hold(lease: WebhookLease) -> JiraConnection:
    """The connection's row, locked, with the lease prolonged. Raises `LeaseLost`."""
    row: JiraConnection | None = db.session.scalar(
        select(JiraConnection)
        .where(
            JiraConnection.id == lease.connection_id,
            JiraConnection.webhook_lease_id == lease.id,
            JiraConnection.generation == lease.generation,
            JiraConnection.state == ConnectionState.CONNECTED,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or not row.organization.plan.includes_jira:
        raise LeaseLost
    row.webhook_lease_until = utcnow() + LEASE
    return row


def release(lease: WebhookLease) -> None:
    """Give the lease back if it is still ours, and ring if upkeep is due again.

    Also after a reconnect: until then the next one waits, so that no two register at once.
    """
    rows, now = _same_account(lease.connection_id), utcnow()
    for row in rows:
        if row.id == lease.connection_id and row.webhook_lease_id == lease.id:
            row.webhook_lease_id = row.webhook_lease_until = None
    db.session.flush()
    for row in rows:
        if may_work(row, now):
            ring_after_commit(row.id, KEEP_WEBHOOK)


def busy_accounts(now: datetime) -> set[tuple[str, str]]:
    """The sites and accounts that somebody keeps webhooks for at `now` (aware UTC)."""
    held = select(JiraConnection.cloud_id, JiraConnection.account_id).where(
        JiraConnection.webhook_lease_until > now
    )
    return {(cloud_id, account_id) for cloud_id, account_id in db.session.execute(held)}


def _same_account(connection_id: int) -> list[JiraConnection]:
    """The connection and those that share its account and site, locked in order of their ids."""
    own = aliased(JiraConnection)
    found = db.session.scalars(
        select(JiraConnection)
        .join(
            own,
            and_(
                own.cloud_id == JiraConnection.cloud_id,
                own.account_id == JiraConnection.account_id,
            ),
        )
        .where(own.id == connection_id)
        .order_by(JiraConnection.id)
        .with_for_update(of=JiraConnection)
        .execution_options(populate_existing=True)
    )
    return list(found)
