"""What the product and the stand-in get for a machine: time, chance, names, side by side."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar
from unittest import mock

from app import chance, clock, side_by_side
from demo.jira_cloud.machine import Clock, Names
from tests.simulation.scheduler import Actor, Scheduler

T = TypeVar("T")

BEGINNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
# How often somebody else runs between two lines that ask for the time.
SWITCH_AT_READING = 0.03


class OurClock:
    """Our machine's clock. `ahead`: by how many seconds it is wrong."""

    def __init__(self, scheduler: Scheduler, dice: random.Random) -> None:
        self.ahead = 0.0
        self._scheduler = scheduler
        self._dice = dice

    def utcnow(self) -> datetime:
        self._reading()
        return BEGINNING + timedelta(seconds=self._scheduler.now + self.ahead)

    def monotonic(self) -> float:
        """Nobody else runs meanwhile: it is asked under the lock of a connection, too."""
        return self._scheduler.now

    def sleep(self, seconds: float) -> None:
        self._scheduler.pause(seconds)

    def _reading(self) -> None:
        actor = self._scheduler.current
        if actor and not actor.in_transaction and self._dice.random() < SWITCH_AT_READING:
            self._scheduler.pause(self._dice.random() * 0.05)


class JirasClock(Clock):
    """The clock of the stand-in, which is always right."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def now(self) -> datetime:
        return BEGINNING + timedelta(seconds=self._scheduler.now)

    def seconds(self) -> float:
        return self._scheduler.now

    def wait(self, seconds: float) -> None:
        self._scheduler.pause(seconds)


class JirasNames(Names):
    """The same names in every run of a seed."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def token(self, size: int) -> str:
        return self._dice.randbytes(size).hex()

    def trace(self) -> str:
        return self._dice.randbytes(16).hex()

    def identifier(self) -> str:
        return self._dice.randbytes(16).hex()


class OurChance:
    """Chance for the product."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    def uniform(self, low: float, high: float) -> float:
        return self._dice.uniform(low, high)

    def random_bytes(self, count: int) -> bytes:
        return self._dice.randbytes(count)


class SideBySide:
    """Requests side by side: each is an actor of the process that asks."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler

    def executor(self, at_once: int) -> Executor:
        return _Actors(self.scheduler, at_once)

    def wait_for_one(
        self, running: set[Future[T]], seconds: float
    ) -> tuple[set[Future[T]], set[Future[T]]]:
        actor = self.scheduler.current
        assert actor is not None
        for each in running:
            each.add_done_callback(lambda _: self.scheduler.wake(actor))
        if not any(each.done() for each in running):
            self.scheduler.pause(seconds)
        done = {each for each in running if each.done()}
        return done, running - done


class _Running(Future[T]):
    """A future whose result is waited for as actors wait."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self._scheduler = scheduler

    def result(self, timeout: float | None = None) -> T:
        actor = self._scheduler.current
        assert actor is not None
        if not self.done():
            self.add_done_callback(lambda _: self._scheduler.wake(actor))
        while not self.done():
            self._scheduler.park()
        return super().result(0)


class _Actors(Executor):
    def __init__(self, scheduler: Scheduler, at_once: int) -> None:
        self._scheduler = scheduler
        self._free = at_once
        self._waiting: list[tuple[_Running[Any], Callable[[], Any]]] = []

    def submit(self, work: Callable[..., T], /, *args: Any, **named: Any) -> Future[T]:
        future = _Running[T](self._scheduler)
        self._waiting.append((future, lambda: work(*args, **named)))
        self._start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            for future, _ in self._waiting:
                future.cancel()
            self._waiting.clear()

    def _start(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            future, work = self._waiting.pop(0)
            asking = self._scheduler.current
            assert asking is not None
            self._begin(asking, future, work)

    def _begin(self, asking: Actor, future: "_Running[Any]", work: Callable[[], Any]) -> None:
        def run() -> None:
            self._scheduler.breathe()
            try:
                future.set_result(work())
            except (Exception, CancelledError) as error:
                future.set_exception(error)
            self._free += 1
            self._start()

        self._scheduler.start(f"{asking.name}·", asking.process, run, 0.0)


@contextmanager
def through(scheduler: Scheduler, seed: str) -> Iterator[OurClock]:
    """Let the product meet time, chance and threads here, ciphertexts included."""
    ours = OurClock(scheduler, random.Random(f"{seed} clock"))
    luck = OurChance(random.Random(f"{seed} chance"))
    cipher = {
        "cryptography.fernet.os": SimpleNamespace(urandom=luck.random_bytes),
        "cryptography.fernet.time": SimpleNamespace(time=lambda: ours.utcnow().timestamp()),
    }
    with ExitStack() as stack:
        stack.enter_context(clock.use(ours))
        stack.enter_context(chance.use(luck))
        stack.enter_context(side_by_side.use(SideBySide(scheduler)))
        for name, door in cipher.items():
            stack.enter_context(mock.patch(name, door))
        yield ours
