"""How long whoever was wrong has to wait. Pure."""

from datetime import timedelta
from typing import NamedTuple

FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=15)


class Budget(NamedTuple):
    """Whose guesses are counted together, and how many cost nothing.

    `key`: what names them, already unreadable. After the free ones each try waits twice as long as
    the one before. One is forgotten for each `drain` that passed since the last, all of them when
    `quiet` has.
    """

    key: str
    free: int
    quiet: timedelta
    drain: timedelta


def after(failures: int, budget: Budget) -> timedelta:
    """The wait that the latest of so many failures begins."""
    beyond = failures - budget.free
    if beyond <= 0:
        return timedelta(0)
    return min(FIRST * (1 << min(beyond - 1, 10)), LONGEST)


def left(failures: int, since_last: timedelta, budget: Budget) -> int:
    """How many still count: nobody's mistakes of many days add up."""
    drained = max(0, since_last // budget.drain)  # another process's clock may be a little ahead
    return max(0, failures - drained)
