"""What a page says comes from one moment: a worker that ends something meanwhile does not make it
say that something is under way, and yet not ask again.

SQLite gives that to whatever reads; how PostgreSQL is made to, `app/extensions.py` says.
"""

from sqlalchemy import String, cast, func, select

from app.extensions import db, writing

_SNAPSHOT = select(cast(func.pg_current_snapshot(), String))


def only_read_from_now_on() -> None:
    """To be said once a request has committed: what it reads then is drawn, and nothing written."""
    writing.set(False)


def moment() -> str | None:
    """Which transactions' writes this one sees, which only reads: two that say the same read the
    same. None where the database does not tell."""
    if db.session.connection().dialect.name != "postgresql" or writing.get():
        return None
    # https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
    return str(db.session.scalar(_SNAPSHOT))
