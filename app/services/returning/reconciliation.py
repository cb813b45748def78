"""When every linked issue of a connection is looked at again, and how far a look has come.

A missed webhook delivery is a delay, not a loss: each hour, and after anything that may have
swallowed deliveries, the issues themselves are read (design.md §2).
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from app.extensions import db
from app.models import (
    ActionItem,
    CompletedIn,
    IssueLink,
    JiraConnection,
    Reconciliation,
)
from app.queue import ring_after_commit
from app.services.returning.told import Reading, readings_of
from app.services.sync.leases import DrainLease

EVERY = timedelta(hours=1)
# By how much the hour differs between connections, so that they drift apart.
SPREAD = timedelta(minutes=10)
# A gap that shows again and again, as retried deliveries do, is looked into once a minute.
BETWEEN_GAPS = timedelta(minutes=1)
SLICE = 100
KEPT_ROWS = 50
# After an outage of ours, all connections within ten minutes: 20 each ten seconds, or faster.
_STEP = timedelta(seconds=10)
_PER_STEP, _MOST_STEPS = 20, 60


def owe(connection: JiraConnection, now: datetime) -> None:
    """Have every linked issue of the connection looked at, at once. `now`: aware UTC."""
    connection.reconcile_at = now
    db.session.flush()
    ring_after_commit(connection.id)


def owe_after_gap(connection: JiraConnection, now: datetime) -> None:
    """As `owe`, for a sign that deliveries may have been lost: once for many such signs.

    Does nothing while no webhook is registered, because then nothing can have been lost.
    """
    if connection.reconcile_at is None:
        return
    began = db.session.scalar(
        select(func.max(Reconciliation.started_at)).where(
            Reconciliation.connection_id == connection.id
        )
    )
    wanted = now if began is None else max(now, began + BETWEEN_GAPS)
    if wanted < connection.reconcile_at or _begun_since(began, connection.reconcile_at):
        connection.reconcile_at = wanted
        db.session.flush()
    if connection.reconcile_at <= now:
        ring_after_commit(connection.id)


def owe_by(connection: JiraConnection, at: datetime, now: datetime) -> None:
    """Have a look begin at `at` at the latest, and after the one under way. Aware UTC."""
    owed = connection.reconcile_at
    if owed is not None and (owed > at or owed <= now):
        connection.reconcile_at = at
        db.session.flush()


def owe_all(now: datetime) -> None:
    """We were out of reach: look at the issues of every connection with a webhook.

    Spread over at most ten minutes, so that many connections do not strike together. What is
    owed sooner stays. `now`: aware UTC.
    """
    many = db.session.scalar(select(func.count()).where(JiraConnection.reconcile_at.is_not(None)))
    steps = min(_MOST_STEPS, 1 + (many or 0) // _PER_STEP)
    for step in range(steps):
        at = now + step * _STEP
        db.session.execute(
            update(JiraConnection)
            .where(JiraConnection.id % steps == step, JiraConnection.reconcile_at > at)
            .values(reconcile_at=at)
        )


def next_at(connection_id: int, finished: datetime) -> datetime:
    """An hour after `finished`, a little more or less by connection."""
    place = (connection_id * 2654435761 % 2**32) / 2**32
    return finished + EVERY + (2 * place - 1) * SPREAD


def going_on(lease: DrainLease, now: datetime) -> Reconciliation | None:
    """The look that is under way, or a new one if one is owed at `now`. None when none is."""
    connection = db.session.get_one(JiraConnection, lease.connection_id, populate_existing=True)
    if connection.reconcile_at is None:
        return None
    begun = db.session.scalar(
        select(Reconciliation)
        .where(
            Reconciliation.connection_id == lease.connection_id,
            Reconciliation.generation == lease.generation,
            Reconciliation.finished_at.is_(None),
        )
        .order_by(Reconciliation.id.desc())
        .limit(1)
    )
    if begun is None and connection.reconcile_at <= now:
        _forget_unfinished(lease.connection_id)
        begun = Reconciliation(connection_id=lease.connection_id, generation=lease.generation)
        begun.started_at, begun.last_link_id = now, 0
        begun.looked_at = begun.caught = 0
        db.session.add(begun)
        db.session.flush()
    return begun


def next_slice(lease: DrainLease, look: Reconciliation) -> list[Reading]:
    """The next 100 links to look at: open items, and those that Jira completed."""
    links = db.session.scalars(
        select(IssueLink)
        .join(IssueLink.action_item)
        .where(IssueLink.id > look.last_link_id, *_looked_at(lease))
        .order_by(IssueLink.id)
        .limit(SLICE)
    )
    return readings_of(links)


def advance(look_id: int, readings: list[Reading], caught: int) -> None:
    """Note that these links were looked at, and how much of it no delivery had told."""
    look = db.session.get(Reconciliation, look_id, populate_existing=True)
    if look is None:  # disconnected meanwhile: its rows are gone
        return
    look.last_link_id = max(each.link_id for each in readings)
    look.looked_at += len(readings)
    look.caught += caught
    db.session.flush()


def finish(look_id: int, now: datetime) -> None:
    """End a look. What was owed since it began is still owed; else the next comes in an hour."""
    look = db.session.get(Reconciliation, look_id)
    if look is None:
        return
    # Held before the look, as a disconnect does, which deletes it.
    held = {"key_share": True}
    connection = db.session.get_one(
        JiraConnection, look.connection_id, populate_existing=True, with_for_update=held
    )
    look = db.session.get(Reconciliation, look_id, populate_existing=True)
    if look is None:
        return
    look.finished_at = now
    owed = connection.reconcile_at
    if owed is not None and owed <= look.started_at:
        connection.reconcile_at = next_at(connection.id, now)
    _prune(connection.id)
    db.session.flush()


def _looked_at(lease: DrainLease) -> list[ColumnElement[bool]]:
    return [
        IssueLink.connection_id == lease.connection_id,
        IssueLink.cloud_id == lease.cloud_id,
        IssueLink.active.is_(True),
        IssueLink.issue_id.is_not(None),
        ActionItem.deleted_at.is_(None),
        or_(ActionItem.completed_at.is_(None), ActionItem.completed_in == CompletedIn.JIRA),
    ]


def _begun_since(began: datetime | None, owed: datetime) -> bool:
    """Whether a look for what is owed has begun already, and may have passed the gap."""
    return began is not None and began >= owed


def _forget_unfinished(connection_id: int) -> None:
    """A look of an older grant was cut off; its numbers would tell of nothing."""
    db.session.execute(
        delete(Reconciliation).where(
            Reconciliation.connection_id == connection_id, Reconciliation.finished_at.is_(None)
        )
    )


def _prune(connection_id: int) -> None:
    kept = (
        select(Reconciliation.id)
        .where(Reconciliation.connection_id == connection_id)
        .order_by(Reconciliation.id.desc())
        .limit(KEPT_ROWS)
    )
    ids = list(db.session.scalars(kept))
    if len(ids) == KEPT_ROWS:
        db.session.execute(
            delete(Reconciliation).where(
                Reconciliation.connection_id == connection_id, Reconciliation.id < ids[-1]
            )
        )
