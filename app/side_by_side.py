"""The only door to running requests side by side.

In production each runs in a thread of its own, with its own context; it must not touch the
database. `use` puts another executor in place, such as a simulation's, which has no threads.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Door(Protocol):
    """Makes executors, and waits for what runs in them."""

    def executor(self, at_once: int) -> Executor:
        """Something that runs at most so many at once."""

    def wait_for_one(
        self, running: set[Future[T]], seconds: float
    ) -> tuple[set[Future[T]], set[Future[T]]]:
        """Wait until one has ended, or for so long. What has ended, and what still runs."""


class Threads:
    """Threads of this process."""

    def executor(self, at_once: int) -> Executor:
        return ThreadPoolExecutor(at_once)

    def wait_for_one(
        self, running: set[Future[T]], seconds: float
    ) -> tuple[set[Future[T]], set[Future[T]]]:
        done, pending = wait(running, timeout=seconds, return_when=FIRST_COMPLETED)
        return done, pending


_door: Door = Threads()


def executor(at_once: int) -> Executor:
    """Something that runs at most so many requests at once."""
    return _door.executor(at_once)


def wait_for_one(running: set[Future[T]], seconds: float) -> tuple[set[Future[T]], set[Future[T]]]:
    """Wait until one has ended, or for `seconds`. What has ended, and what still runs."""
    return _door.wait_for_one(running, seconds)


def ask_all(ask: Callable[[T], R], each: Sequence[T], at_once: int) -> list[R]:
    """What `ask` returns for each, in their order; at most so many are asked at once."""
    if not each:
        return []
    with executor(at_once) as running:
        return list(_in_order(running, ask, each))


def _in_order(running: Executor, ask: Callable[[T], R], each: Iterable[T]) -> Iterator[R]:
    futures = [running.submit(ask, one) for one in each]
    return (future.result() for future in futures)


def one_at_a_time() -> AbstractContextManager[bool]:
    """What one thread of this process is in at a time, for a moment."""
    return threading.Lock()


@contextmanager
def use(door: Door) -> Iterator[None]:
    """Run requests by `door` in the whole process until the context ends."""
    global _door
    previous, _door = _door, door
    try:
        yield
    finally:
        _door = previous


class TurnedAway(Exception):
    """The line is full, or has not moved for too long."""


class Line:
    """One goes on, `length` wait up to `patience` seconds, whoever else comes is turned away."""

    def __init__(self, length: int, patience: float) -> None:
        self._places = threading.BoundedSemaphore(length + 1)
        self._one = threading.Lock()
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Be the one. Raises `TurnedAway`."""
        if not self._places.acquire(blocking=False):
            raise TurnedAway
        try:
            if not self._one.acquire(timeout=self._patience):
                raise TurnedAway
            try:
                yield
            finally:
                self._one.release()
        finally:
            self._places.release()
