"""Whether a tick would find anything, asked in plain SQL: a tick is what a run does most often.

A tick that found nothing is remembered by its statements and what they answered. Later the same
statements are asked again, with their moments moved on by the time that has passed, and rolled
back: if they answer the same, the tick would find nothing again.
"""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Statement = tuple[str, tuple[Any, ...]]
# As SQLite keeps them.
LENGTH = len("2026-11-24 08:00:00.000000")
# The nightly check compares the minute of the day, and a day more, with a connection's own.
DAY = 24 * 60  # minutes


@dataclass
class Tick:
    """What a tick asked at `now` (seconds of our clock), and what it was answered."""

    now: float
    statements: list[Statement] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)


def asked(connection: sqlite3.Connection, statements: list[Statement], now: float) -> Tick:
    """Remember a tick that found nothing at `now`."""
    tick = Tick(now, [(text, tuple(map(_moment, given))) for text, given in statements])
    tick.answers = _answers(connection, tick.statements, timedelta(0))
    return tick


def finds_nothing(connection: sqlite3.Connection, tick: Tick, now: float) -> bool:
    """Whether the tick would find nothing at `now` either."""
    passed = timedelta(seconds=now - tick.now)
    answers = _answers(connection, tick.statements, passed)
    return answers == tick.answers and not _any_has_come(answers, tick, passed)


def _answers(
    connection: sqlite3.Connection, statements: list[Statement], passed: timedelta
) -> list[Any]:
    began = _began(statements)
    minutes = _minute_of_day(began), _minute_of_day(began + passed)

    def moved(value: Any) -> Any:
        if isinstance(value, datetime):
            return (value + passed).isoformat(" ", "microseconds")
        return minutes[1] if value == minutes[0] else value

    connection.execute("BEGIN")
    try:
        return [
            _answer(connection.execute(text, [moved(each) for each in given]))
            for text, given in statements
        ]
    finally:
        connection.execute("ROLLBACK")


def _answer(cursor: sqlite3.Cursor) -> Any:
    return cursor.fetchall() if cursor.description else cursor.rowcount


def _any_has_come(answers: list[Any], tick: Tick, passed: timedelta) -> bool:
    """Whether a moment that lay ahead of the tick has come: what it means is decided in Python."""
    began = _began(tick.statements)
    values = (value for rows in answers if isinstance(rows, list) for row in rows for value in row)
    moments = (_moment(value) for value in values)
    return any(isinstance(e, datetime) and began < e <= began + passed for e in moments)


def _moment(value: Any) -> Any:
    """A moment as a moment; anything else as it is."""
    if not isinstance(value, str) or len(value) != LENGTH or value[10] != " ":
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value


def _began(statements: list[Statement]) -> datetime:
    return max(each for _, given in statements for each in given if isinstance(each, datetime))


def _minute_of_day(moment: datetime) -> int:
    return DAY + moment.hour * 60 + moment.minute
