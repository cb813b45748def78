"""When every linked issue of a connection is to be looked at again.

A missed webhook delivery is a delay, not a loss: each hour, and after anything that may have
swallowed deliveries, the issues themselves are read (design.md §2).
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.extensions import db
from app.models import (
    JiraConnection,
    JiraWork,
    Reconciliation,
    WorkKind,
)
from app.queue import ring_after_commit

EVERY = timedelta(hours=1)
# By how much the hour differs between connections, so that they drift apart.
SPREAD = timedelta(minutes=10)
# A gap that shows again and again, as retried deliveries do, is looked into once a minute.
BETWEEN_GAPS = timedelta(minutes=1)
# After an outage of ours, all connections within ten minutes: 20 each ten seconds, or faster.
_STEP = timedelta(seconds=10)
_PER_STEP, _MOST_STEPS = 20, 60


def owe(connection: JiraConnection, now: datetime) -> None:
    """Have every linked issue of the connection looked at, at once. `now`: aware UTC."""
    connection.works[WorkKind.READING].due_at = now
    db.session.flush()
    ring_after_commit(connection.id)


def owe_after_gap(connection: JiraConnection, now: datetime) -> None:
    """As `owe`, for a sign that deliveries may have been lost: once for many such signs.

    Does nothing while no webhook is registered, because then nothing can have been lost.
    """
    work = connection.works[WorkKind.READING]
    if work.due_at is None:
        return
    began = db.session.scalar(
        select(func.max(Reconciliation.started_at)).where(
            Reconciliation.connection_id == connection.id
        )
    )
    wanted = now if began is None else max(now, began + BETWEEN_GAPS)
    if wanted < work.due_at or _begun_since(began, work.due_at):
        work.due_at = wanted
        db.session.flush()
    if work.due_at <= now:
        ring_after_commit(connection.id)


def owe_by(connection: JiraConnection, at: datetime, now: datetime) -> None:
    """Have a look begin at `at` at the latest, and after the one under way. Aware UTC."""
    work = connection.works[WorkKind.READING]
    if work.due_at is not None and (work.due_at > at or work.due_at <= now):
        work.due_at = at
        db.session.flush()


def owe_all(now: datetime) -> None:
    """We were out of reach: look at the issues of every connection with a webhook.

    Spread over at most ten minutes, so that many connections do not strike together. What is
    owed sooner stays. `now`: aware UTC.
    """
    owed = (JiraWork.kind == WorkKind.READING, JiraWork.due_at.is_not(None))
    many = db.session.scalar(select(func.count()).where(*owed))
    steps = min(_MOST_STEPS, 1 + (many or 0) // _PER_STEP)
    for step in range(steps):
        at = now + step * _STEP
        db.session.execute(
            update(JiraWork)
            .where(*owed, JiraWork.connection_id % steps == step, JiraWork.due_at > at)
            .values(due_at=at)
        )


def next_at(connection_id: int, finished: datetime) -> datetime:
    """An hour after `finished`, a little more or less by connection."""
    place = (connection_id * 2654435761 % 2**32) / 2**32
    return finished + EVERY + (2 * place - 1) * SPREAD


def _begun_since(began: datetime | None, owed: datetime) -> bool:
    """Whether a look for what is owed has begun already, and may have passed the gap."""
    return began is not None and began >= owed
