"""Watches a database for action items that become complete, from a thread of its own."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, text

EVERY = 0.02  # seconds
COMPLETE = text("SELECT id FROM action_item WHERE completed_at IS NOT NULL")


class Stored:
    """at: when each item that is complete was first seen to be (perf_counter)."""

    def __init__(self, engine: Engine) -> None:
        self.at: dict[int, float] = {}
        self._engine = engine
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def wait_for(self, items: set[int], patience: float) -> None:
        """Until all of them are stored. Raises `TimeoutError`."""
        until = time.perf_counter() + patience
        while missing := items - self.at.keys():
            if time.perf_counter() > until:
                raise TimeoutError(f"{len(missing)} deliveries were not stored")
            time.sleep(EVERY)

    def _watch(self) -> None:
        with self._engine.connect() as connection:
            while not self._ended.wait(EVERY):
                found = connection.scalars(COMPLETE).all()
                connection.rollback()
                now = time.perf_counter()
                for item in found:
                    self.at.setdefault(item, now)


@contextmanager
def watching(database: str) -> Iterator[Stored]:
    """Watches the database at that URL until the context ends."""
    engine = create_engine(database)
    stored = Stored(engine)
    stored.start()
    try:
        yield stored
    finally:
        stored.end()
        engine.dispose()
