"""What was asked of Jira without having taken points before, and what Jira itself said of them:
added to the pool later.

What reads leave for is decided beforehand, what they cost is known afterwards. Each process keeps
its own sum and adds it at the end of a job, or of a request; one that is killed forgets the last.
"""

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from typing import NamedTuple

from app.clock import utcnow
from app.jira.points import Left


class Asker(NamedTuple):
    """For whom Jira is asked, and on which site."""

    connection_id: int
    cloud_id: str


class Remaining(NamedTuple):
    """What Jira said is left, and when it did (aware UTC)."""

    asker: Asker
    left: Left
    at: datetime


# Threads that send only append.
_asked: deque[tuple[Asker, int]] = deque()
_remaining: deque[Remaining] = deque(maxlen=100)  # the last word counts
_prepaid: ContextVar[bool] = ContextVar("prepaid", default=False)


@contextmanager
def prepaid() -> Iterator[None]:
    """Within, what is asked in this thread has taken its points already."""
    token = _prepaid.set(True)
    try:
        yield
    finally:
        _prepaid.reset(token)


def add(asker: Asker, points: int, left: Left | None = None) -> None:
    """Note what a request has cost, and what is left where Jira said so."""
    if left is not None:
        _remaining.append(Remaining(asker, left, utcnow()))
    if not _prepaid.get():
        _asked.append((asker, points))


def waiting() -> int:
    """What this process has not added to the pool yet."""
    return sum(points for _, points in list(_asked))


def owed() -> bool:
    """Whether there is anything that the pool does not know yet."""
    return bool(_asked or _remaining)


def remaining() -> list[Remaining]:
    """What Jira said since the last time, in its order."""
    found = []
    with suppress(IndexError):
        while True:
            found.append(_remaining.popleft())
    return found


def taken() -> Counter[Asker]:
    """The same by asker, which from now on is the caller's to add."""
    found: Counter[Asker] = Counter()
    with suppress(IndexError):
        while True:
            asker, points = _asked.popleft()
            found[asker] += points
    return found
