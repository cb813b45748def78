"""How many of an hour's points may be spent by now. Pure.

Creates that somebody waits for may have all of them. Whatever is less urgent leaves some, and so
does a connection that has had more than its share; the less the longer the hour lasts, and nothing
of it in its last tenth: points that nobody wants then are lost.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.models.points import Spending

# Left at the beginning of the hour, as a share of all points.
LEFT_BY = {
    Spending.CREATES: 0.0,
    Spending.UPDATES: 0.1,
    Spending.STATUSES: 0.15,
    Spending.BACKFILL: 0.25,
    Spending.READS: 0.35,
    Spending.RECENT_READS: 0.5,
}
# And in addition by who has had more than their share, for those who have not.
LEFT_FOR_OTHERS = 0.25
FEWEST_SHARES = 4
FREE_FROM = 0.9  # of the hour
# Never spent: our count and Atlassian's may differ a little, and so may the clocks.
NEVER_SPENT = 0.01
AFTER_THE_HOUR = 0.0005  # of an hour: nearly two seconds


@dataclass(frozen=True)
class Quota:
    """So many points in so many seconds; the seconds begin with the UTC hour or divide it."""

    points: int
    seconds: int

    @property
    def usable(self) -> int:
        """What of it is ever spent."""
        return math.floor(self.points * (1 - NEVER_SPENT))

    def window_start(self, now: datetime) -> datetime:
        """When what is spent at `now` (aware UTC) began to count, a moment after Jira's clock."""
        seconds = now.timestamp() - self._late
        return datetime.fromtimestamp(seconds // self.seconds * self.seconds, UTC)

    def window_end(self, start: datetime) -> datetime:
        """When all points are there again."""
        return start + timedelta(seconds=self.seconds + self._late)

    def elapsed(self, start: datetime, now: datetime) -> float:
        """How much of the window has gone, from 0 to 1."""
        return min(1.0, max(0.0, (now - start).total_seconds() / self.seconds))

    @property
    def _late(self) -> float:
        return self.seconds * AFTER_THE_HOUR


@dataclass(frozen=True)
class Spent:
    """What was spent in the window that began at `start`.

    by_all, by_own: of all connections, and of the one that asks. connections: how many spent some.
    """

    start: datetime
    by_all: int
    by_own: int
    connections: int


def allowed(quota: Quota, spent: Spent, spending: Spending, now: datetime) -> int:
    """How many points may be spent in all by `now` (aware UTC), if it is on `spending`."""
    gone = quota.elapsed(spent.start, now) / FREE_FROM
    left = _left(quota, spent, spending) * max(0.0, 1 - gone)
    return math.floor(quota.usable * (1 - left))


def free(quota: Quota, spent: Spent, spending: Spending, now: datetime) -> int:
    """How many of them are still there for it."""
    return max(0, allowed(quota, spent, spending, now) - spent.by_all)


def free_at(quota: Quota, spent: Spent, spending: Spending, points: int) -> datetime:
    """When so many points are there for it: in this window, or when the next one begins."""
    over = (quota.usable - spent.by_all - points) / quota.usable
    if over < 0:
        return quota.window_end(spent.start)
    left = _left(quota, spent, spending)
    gone = FREE_FROM * (1 - min(1.0, over / left)) if left else 0.0
    # Rounded up: a moment early there would be one point too few.
    return spent.start + timedelta(seconds=math.ceil(gone * quota.seconds * 100) / 100 + 0.01)


def _left(quota: Quota, spent: Spent, spending: Spending) -> float:
    share = quota.usable / max(FEWEST_SHARES, spent.connections)
    return LEFT_BY[spending] + (LEFT_FOR_OTHERS if spent.by_own > share else 0.0)
