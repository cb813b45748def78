"""How long a request waits for a database that is busy or away, and what it says then.

Who waits for a page has given up after some seconds, and each waiting request holds a thread that
others could use. So whatever a request asks of the database has to be done within `SECONDS` of its
beginning; else it is 503, with when to come back.
"""

import logging

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app import clock
from app.clock import utcnow
from app.extensions import answer_by, db
from app.web.partials import wants_partial

SECONDS = 4.0
RETRY_AFTER = 30  # seconds; the page looks again by itself then

# Of sqlite3: BUSY, LOCKED, IOERR, FULL, CANTOPEN, PROTOCOL. The others are mistakes of ours.
_SQLITE_TROUBLE = {5, 6, 10, 13, 14, 15}

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_end)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(NoFreeConnection, _no_answer)


def is_trouble(error: DBAPIError) -> bool:
    """Whether the database is busy or away; if not, the statement was wrong."""
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_TROUBLE
    return isinstance(error, OperationalError)


def _begin() -> None:
    answer_by.set(clock.monotonic() + SECONDS)


def _end(_error: BaseException | None) -> None:
    answer_by.set(None)


def _database_error(error: DBAPIError) -> Response:
    if not is_trouble(error):
        raise error
    return _no_answer(error)


def _no_answer(error: Exception) -> Response:
    """In words that need nothing of the database, not even who is signed in."""
    db.session.rollback()
    cause = f"{type(error).__name__}: {getattr(error, 'orig', error)}".splitlines()[0]
    user = current_user.get_id() if "_login_user" in g else None
    log.warning("no database", extra={"endpoint": request.endpoint, "error": cause, "user": user})
    template = "errors/_unavailable.html" if wants_partial() else "errors/unavailable.html"
    # Not render_template: what surrounds a page would ask the database again.
    page = current_app.jinja_env.get_template(template)
    body = page.render(looks_again=request.method == "GET", seconds=RETRY_AFTER, now=utcnow())
    return Response(body, 503, {"Retry-After": str(RETRY_AFTER)}, mimetype="text/html")
