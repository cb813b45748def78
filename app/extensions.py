"""The Flask extensions, made here and bound to the app in `create_app`."""

import hashlib
import hmac
import os
from contextlib import suppress
from contextvars import ContextVar
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any, cast

import psycopg
from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

from app import clock
from app.masks import MaskedCsrf

OWNER_ALONE = 0o600


class Base(DeclarativeBase):
    """Constraint names are fixed, so that a migration can name what it drops."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
login_manager = LoginManager()
csrf = MaskedCsrf()


def hidden(text: str) -> str:
    """`text` as a key that counts it and tells nobody what it was, not even by trying all there
    are: addresses of people and machines stand neither in Redis nor in the log."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]


def hidden_network() -> str:
    """Where this request comes from. Of IPv6, a household has 2^64 addresses at the least."""
    address = get_remote_address()
    try:
        parsed = ip_address(address)
    except ValueError:  # a socket's
        return hidden(address)
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return hidden(str(ip_network((parsed, 64 if parsed.version == 6 else 32), strict=False)))


# Without Redis each process counts for itself: a line in the log says so.
limiter = Limiter(
    hidden_network,
    strategy="fixed-window",
    swallow_errors=True,
    in_memory_fallback_enabled=True,
    storage_options={"socket_timeout": 2, "socket_connect_timeout": 2},
)

# SQLite takes its write lock at BEGIN IMMEDIATE. A page that only reads says so and runs beside a
# writer; everything else takes the lock first, or updates are silently lost (stack.md §2).
writing: ContextVar[bool] = ContextVar("writing", default=True)


# By when, on the clock that never goes back, a request has to be answered; None in a job, which has
# all the time that a lock may take. A transaction waits no longer than that for the database.
answer_by: ContextVar[float | None] = ContextVar("answer_by", default=None)
LEAST_PATIENCE = 1.0  # seconds, also for a request that has waited for Atlassian
# Milliseconds; waiting for a lock counts, too. Until the end of the transaction (true), because a
# pooler gives the next one another session; and with a parameter, because each other text would be
# another statement to prepare (app/postgresql.py).
PATIENCE = "SELECT set_config('statement_timeout', %s, true)"


@event.listens_for(Engine, "do_connect")
def _keep_file_private(_dialect: object, _record: object, places: Any, named: Any) -> None:
    """SQLite would make its file readable to everybody on the machine. What lies beside it, such as
    the write-ahead log, gets the permissions of the file."""
    path = places[0] if places else named.get("database")
    if isinstance(path, str) and Path(path).parent.is_dir() and path != ":memory:":
        with suppress(OSError):  # somebody else's: then they decide
            _make_private(path)


def _make_private(path: str) -> None:
    """Never opens a file that is there: to close it again would take away every lock that this
    process's other connections have on it (https://www.sqlite.org/howtocorrupt.html)."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ALONE))
    except FileExistsError:
        os.chmod(path, OWNER_ALONE)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    moment = answer_by.get()
    seconds = None if moment is None else max(LEAST_PATIENCE, moment - clock.monotonic())
    if connection.dialect.name == "sqlite":
        _begin_sqlite(connection, seconds)
    else:
        _begin_postgresql(connection, seconds)


def _begin_postgresql(connection: Connection, seconds: float | None) -> None:
    # What only reads sees one moment (app/web/one_moment.py), where each statement would see what
    # is newest. The driver says it with its BEGIN, so that it is no statement of its own.
    own = cast("psycopg.Connection", connection.connection.driver_connection)
    own.isolation_level = None if writing.get() else psycopg.IsolationLevel.REPEATABLE_READ
    if seconds is not None:
        connection.exec_driver_sql(PATIENCE, (str(int(seconds * 1000)),))


def _begin_sqlite(connection: Connection, seconds: float | None) -> None:
    if not writing.get():
        connection.exec_driver_sql("BEGIN")
        return
    if seconds is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}")
