"""A PostgreSQL that takes a connection and says nothing, because its machine has stopped, say.

It ends no statement by itself, and the kernel that still answers for it hides it from TCP. So what
a request asks is waited for no longer than the request's patience (`patience.py`), and the
connection is thrown away. A job has all the time that it takes.
"""

from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg
from flask import Flask
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

from app import clock
from app.extensions import LEAST_PATIENCE, answer_by
from app.postgresql import PreparingConnection

# The server's own word on a statement that takes too long comes first, and keeps the connection.
AFTER_THE_SERVER = 0.5  # seconds
# For each of a name's addresses, of which localhost has two.
CONNECT_TIMEOUT = 2  # seconds

Found = TypeVar("Found")

# By when the request had to be answered in which the database was found to be silent.
_silent_in: ContextVar[float | None] = ContextVar("silent_in", default=None)


class PatientConnection(PreparingConnection):
    """Waits for the server as long as the request may take that it is used in."""

    def wait(self, gen: PQGen[Found], interval: float = 0.1, timeout: float | None = None) -> Found:
        moment = answer_by.get()
        if moment is None or timeout is not None:
            return super().wait(gen, interval, timeout)
        left = max(LEAST_PATIENCE, moment - clock.monotonic())
        try:
            return super().wait(gen, interval, left + AFTER_THE_SERVER)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # it is not the server that says so
                _silent_in.set(moment)
                self.pgconn.finish()
            raise


def init_app(_app: Flask) -> None:
    if not event.contains(Engine, "do_connect", _connect):
        event.listen(Engine, "do_connect", _connect)


def _connect(dialect: Any, _record: object, places: Any, named: dict[str, Any]) -> Any:
    if dialect.driver != "psycopg":
        return None
    moment = answer_by.get()
    if moment is None:
        return PatientConnection.connect(*places, **named)
    if moment == _silent_in.get():
        raise psycopg.OperationalError("the database is silent")
    return PatientConnection.connect(*places, **named | {"connect_timeout": CONNECT_TIMEOUT})
