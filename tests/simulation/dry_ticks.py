"""Whether a tick would find anything, asked in plain SQL: a tick is what a run does most often.

A tick that found nothing is remembered by its statements and what they answered. Later the same
statements are asked again, with their moments moved on by the time that has passed, and rolled
back: if they answer the same, the tick would find nothing again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Statement = tuple[str, tuple[Any, ...]]
# As SQLite keeps them.
LENGTH = len("2026-11-24 08:00:00.000000")
# The nightly check compares the minute of the day, and a day more, with a connection's own.
DAY = 24 * 60  # minutes


@dataclass(frozen=True)
class Tick:
    """What a tick asked at `now` (seconds of our clock), and what it was answered.

    began: when that was, as rows have it. next: the first moment in the answers that lay ahead.
    """

    now: float
    statements: tuple[Statement, ...] = ()
    answers: tuple[Any, ...] = ()
    began: datetime = datetime.min
    next: datetime | None = None


def asked(connection: sqlite3.Connection, noted: list[Statement], now: float) -> Tick:
    """Remember a tick that found nothing at `now`."""
    statements = tuple((text, tuple(map(_moment, given))) for text, given in noted)
    began = max(each for _, given in statements for each in given if isinstance(each, datetime))
    with _only_looking(connection):
        answers = tuple(_answers(connection, statements, began, timedelta(0)))
    moments = (_moment(value) for rows in answers for row in _rows(rows) for value in row)
    ahead = [each for each in moments if isinstance(each, datetime) and each > began]
    return Tick(now, statements, answers, began, min(ahead, default=None))


def finds_nothing(connection: sqlite3.Connection, tick: Tick, now: float) -> bool:
    """Whether the tick would find nothing at `now` either."""
    passed = timedelta(seconds=now - tick.now)
    if tick.next is not None and tick.next <= tick.began + passed:
        return False  # what it means that a moment has come is decided in Python
    with _only_looking(connection):
        answers = _answers(connection, tick.statements, tick.began, passed)
        return all(one == other for one, other in zip(answers, tick.answers, strict=True))


@contextmanager
def _only_looking(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _answers(
    connection: sqlite3.Connection,
    statements: tuple[Statement, ...],
    began: datetime,
    passed: timedelta,
) -> Iterator[Any]:
    minutes = _minute_of_day(began), _minute_of_day(began + passed)

    def moved(value: Any) -> Any:
        if isinstance(value, datetime):
            return (value + passed).isoformat(" ", "microseconds")
        return minutes[1] if value == minutes[0] else value

    for text, given in statements:
        yield _answer(connection.execute(text, [moved(each) for each in given]))


def _answer(cursor: sqlite3.Cursor) -> Any:
    return cursor.fetchall() if cursor.description else cursor.rowcount


def _rows(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else []


def _moment(value: Any) -> Any:
    """A moment as a moment; anything else as it is."""
    if not isinstance(value, str) or len(value) != LENGTH or value[10] != " ":
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value


def _minute_of_day(moment: datetime) -> int:
    return DAY + moment.hour * 60 + moment.minute
