"""One database for one run, and the listeners by which the scheduler learns of transactions.

On SQLite there is one connection in memory for everybody: nobody gives way inside a transaction, so
two never meet. A new run begins with a copy of a migrated database's bytes.
"""

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import StaticPool

from tests.simulation import dry_ticks
from tests.simulation.doors import BEGINNING
from tests.simulation.scheduler import Actor, Scheduler
from tests.support import databases


class _Kept(sqlite3.Connection):
    """Survives SQLAlchemy's way with a connection that a killed process used: closing it, and
    making its functions anew, which SQLite refuses while a statement of the dead is open."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._functions: set[str] = set()

    def create_function(self, name: str, *given: Any, **named: Any) -> None:
        if name not in self._functions:
            super().create_function(name, *given, **named)
            self._functions.add(name)

    def close(self) -> None:
        self.rollback()

    def end(self) -> None:
        super().close()


class Memory:
    """SQLite in memory, migrated; `begin_anew` forgets everything."""

    url = "sqlite:///:memory:"

    def __init__(self) -> None:
        self._connection: _Kept | None = None
        self._first = _migrated()
        self._empty = sqlite3.connect(":memory:", check_same_thread=False)
        self._empty.deserialize(self._first)
        # What `next_moment` answered: after how many changes, from when to when it holds.
        self._next: tuple[int, float, float] | None = None

    @property
    def options(self) -> dict[str, Any]:
        return {"poolclass": StaticPool, "creator": self._connect}

    def begin_anew(self) -> None:
        """Copied over what is there: a virtual table's memory does not survive that its database is
        replaced beneath it."""
        self._next = None
        if self._connection is not None:
            self._empty.backup(self._connection)

    @property
    def changes(self) -> int:
        """Grows with every row that is written."""
        assert self._connection is not None
        return self._connection.total_changes

    def next_moment(self, query: str, now: float) -> float | None:
        """Seconds since the beginning, like `now`. Until a row is written or it has come, it stays
        what it is."""
        assert self._connection is not None
        if self._next is not None:
            changes, since, at = self._next
            if changes == self.changes and since <= now < at:
                return at
        found = self._connection.execute(query, {"now": str(_naive(now))}).fetchone()[0]
        if found is None:
            return None
        at = (_read(found) - BEGINNING).total_seconds()
        self._next = self.changes, now, at
        return at

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """What an onlooker sees, in plain SQL."""
        assert self._connection is not None
        found = self._connection.execute(query, values)
        names = [each[0] for each in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def remember_tick(self, statements: list[dry_ticks.Statement], now: float) -> dry_ticks.Tick:
        """What a tick at `now` asked, with what it is answered."""
        assert self._connection is not None
        return dry_ticks.asked(self._connection, statements, now)

    def finds_nothing(self, tick: dry_ticks.Tick, now: float) -> bool:
        """Whether the same tick finds nothing at `now`."""
        assert self._connection is not None
        return dry_ticks.finds_nothing(self._connection, tick, now)

    def _connect(self) -> _Kept:
        if self._connection is None:
            self._connection = sqlite3.connect(
                ":memory:", factory=_Kept, check_same_thread=False, cached_statements=1000
            )
            self._connection.deserialize(self._first)
        return self._connection


def _naive(seconds: float) -> datetime:
    return (BEGINNING + timedelta(seconds=seconds)).replace(tzinfo=None)


def _read(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        databases.fill(f"sqlite:///{path}", "empty")
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=DELETE")  # WAL cannot be deserialized
        whole = connection.serialize()
        connection.close()
    return whole


class Listening:
    """Tells the scheduler of the moment what its actors do to the database."""

    def __init__(self, engine: Engine) -> None:
        self.scheduler: Scheduler | None = None
        self.busy: Callable[[], bool] = lambda: False
        # What the ticker asks, while somebody writes it down.
        self.noted: list[dry_ticks.Statement] | None = None
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "rollback", self._rollback)
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(Session, "after_transaction_end", self._ended)

    @property
    def _actor(self) -> Actor | None:
        return self.scheduler.current if self.scheduler else None

    def _begin(self, connection: Connection) -> None:
        if actor := self._actor:
            actor.in_transaction = True

    def _commit(self, connection: Connection) -> None:
        if actor := self._actor:
            actor.in_transaction, actor.committed = False, True

    def _rollback(self, connection: Connection) -> None:
        if actor := self._actor:
            actor.in_transaction = False

    def _statement(self, *arguments: Any) -> None:
        statement: str = arguments[2]
        # A transaction that is not begun yet would take the one connection with it.
        if (actor := self._actor) and not statement.startswith(("BEGIN", "PRAGMA", "SET")):
            actor.process.age()
            if self.noted is not None and actor.process.name == "ticker":
                self.noted.append((statement, arguments[3]))
            if self.busy():
                raise OperationalError(statement, None, sqlite3.OperationalError("simulated: busy"))

    def _ended(self, session: Session, transaction: SessionTransaction) -> None:
        actor = self._actor
        if actor and actor.committed and transaction.parent is None:
            actor.committed = False
            if actor.when_committed:  # not earlier: on PostgreSQL an onlooker saw what was before
                actor.when_committed()
            assert self.scheduler is not None
            self.scheduler.breathe()
