"""The Flask extensions, made here and bound to the app in `create_app`."""

from contextvars import ContextVar
from typing import Any

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase


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
csrf = CSRFProtect()
# Without Redis nobody is counted, and everybody can still sign in: a line in the log says so.
limiter = Limiter(
    get_remote_address,
    strategy="fixed-window",
    swallow_errors=True,
    storage_options={"socket_timeout": 2, "socket_connect_timeout": 2},
)

# SQLite takes its write lock at BEGIN IMMEDIATE. A page that only reads says so and runs beside a
# writer; everything else takes the lock first, or updates are silently lost (stack.md §2).
writing: ContextVar[bool] = ContextVar("writing", default=True)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not type(connection).__module__.startswith("sqlite3"):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


# An execution option: how many seconds a transaction may wait for a lock. The usual 30 are longer
# than Jira waits for the answer to a webhook.
LOCK_SECONDS = "lock_seconds"


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    seconds = connection.get_execution_options().get(LOCK_SECONDS)
    if connection.dialect.name == "sqlite":
        _begin_sqlite(connection, seconds)
    elif seconds is not None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(seconds * 1000)}")


def _begin_sqlite(connection: Connection, seconds: float | None) -> None:
    begin = "BEGIN IMMEDIATE" if writing.get() else "BEGIN"
    if seconds is None:
        connection.exec_driver_sql(begin)
        return
    usual = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        connection.exec_driver_sql(begin)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {usual}")
