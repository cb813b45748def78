"""Points for what a drain is about to send, and for what it has read (design.md §4.1)."""

from collections.abc import Sequence
from itertools import pairwise

from app.drain.current import Current
from app.extensions import db
from app.jira import points
from app.models import Spending
from app.services.outbound.plan import Plan
from app.services.points import counted, pool
from app.services.points.counted import Asker


def affordable(current: Current, batch: Sequence[Plan]) -> list[Plan]:
    """The part of a request that there are points for, from its beginning; where there is none,
    the connection waits until there is, and that is committed."""
    asker, spending = _asker(current), _spending(batch)
    costs = _costs(batch)
    many = pool.affordable(asker, spending, costs)
    if not many:
        pool.wait(asker, spending, costs[0])
        db.session.commit()
    return list(batch[:many])


def take(current: Current, part: Sequence[Plan]) -> bool:
    """Take the points of what is about to leave, in the transaction that lets it leave.

    False where somebody else was faster.
    """
    return pool.take(_asker(current), _spending(part), sum(_costs(part)))


def wait(current: Current, batch: Sequence[Plan]) -> None:
    """Somebody else was faster: look again in a moment. Commits."""
    pool.wait(_asker(current), _spending(batch), _costs(batch)[0])
    db.session.commit()


def settle(current: Current) -> None:
    """Add what was read, believe what Jira said is left, and let reads wait that have had their
    part of the hour. Commits."""
    if counted.owed():
        pool.settle()
        db.session.commit()
        pool.hold_reads(_asker(current))
        db.session.commit()


def _asker(current: Current) -> Asker:
    return Asker(current.lease.connection_id, current.lease.cloud_id)


def _spending(batch: Sequence[Plan]) -> Spending:
    if not batch[0].creates:
        return Spending.UPDATES
    return Spending.BACKFILL if batch[0].claim.backfill else Spending.CREATES


def _costs(batch: Sequence[Plan]) -> list[int]:
    """What each adds to the request's cost."""
    if not batch[0].creates:
        return [points.of_edit()] * len(batch)
    totals = [points.of_creates(many) for many in range(1, len(batch) + 1)]
    return [totals[0], *(after - before for before, after in pairwise(totals))]
