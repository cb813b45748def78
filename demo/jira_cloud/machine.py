"""The one door to the machine below: its time, its chance, its new names, its threads.

Nothing else in the stand-in reads a clock, rolls, invents a token, waits or starts a thread.
Whoever gives another `Machine` decides all of that: a test stops the clock, a simulator runs a
day in a second and the same day again.
"""

import random
import secrets
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

Dice = random.Random
Background = threading.Thread


class Clock:
    """The time. Another clock has these three methods."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC)

    def seconds(self) -> float:
        """Seconds since some moment in the past; they never run backwards."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Come back after so many seconds. Never called inside a transaction of the world."""
        time.sleep(seconds)


class Names:
    """New names that nobody can guess: codes, tokens, the ids of requests and deliveries."""

    def token(self, size: int) -> str:
        """Letters and digits that stand for `size` random bytes."""
        return secrets.token_urlsafe(size)

    def trace(self) -> str:
        """The id of a request, 32 hexadecimal digits."""
        return uuid.uuid4().hex

    def identifier(self) -> str:
        """The identifier of a delivery, a UUID."""
        return str(uuid.uuid4())


@dataclass(frozen=True)
class Machine:
    """What a stand-in runs on; each has dice of its own."""

    clock: Clock = field(default_factory=Clock)
    names: Names = field(default_factory=Names)
    dice: Dice = field(default_factory=Dice)


def in_background(work: Callable[[], None]) -> Background:
    """Start `work` in a thread that ends with the process at the latest."""
    thread = Background(target=work, daemon=True)
    thread.start()
    return thread
