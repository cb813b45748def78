"""The only door to the time. Whatever waits or compares moments asks here, so that all of it can
be moved at once: `use` puts another clock in place, such as one that a simulation turns.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and lets time pass."""

    def utcnow(self) -> datetime:
        """The time of day, aware and in UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment; never goes back."""

    def sleep(self, seconds: float) -> None:
        """Return when so many seconds have passed."""


class SystemClock:
    """The machine's own clock."""

    def utcnow(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


_clock: Clock = SystemClock()


def utcnow() -> datetime:
    """The time of day, aware and in UTC."""
    return _clock.utcnow()


def monotonic() -> float:
    """Seconds since some moment, for measuring how long something takes; never goes back."""
    return _clock.monotonic()


def sleep(seconds: float) -> None:
    """Wait for so many seconds."""
    _clock.sleep(seconds)


@contextmanager
def use(clock: Clock) -> Iterator[None]:
    """Tell the time by `clock` in the whole process until the context ends."""
    global _clock
    previous, _clock = _clock, clock
    try:
        yield
    finally:
        _clock = previous
