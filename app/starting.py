"""What keeps a process from starting: a database of another version, or under other keys."""

import logging

from flask import Flask
from sqlalchemy.exc import DBAPIError

from app import migrated
from app.extensions import db
from app.services.grants import key_canary
from config import ConfigurationError

OTHER_KEYS = (
    "TOKEN_ENCRYPTION_KEYS does not hold the key under which this database's tokens are. Put that "
    "key behind the others. If it is lost for good: flask keys forget-lost, and organizations "
    "connect again."
)

log = logging.getLogger(__name__)


def refuse(app: Flask) -> None:
    """Raise `ConfigurationError`, with what to do, if this process must not start.

    A database that is away now may come back: that is said in the log, and no reason not to start.
    """
    migrated.refuse_unmigrated(app)
    with app.app_context():
        try:
            readable = key_canary.is_readable()
            db.session.commit()
        except DBAPIError as error:
            log.warning("not known whether the keys fit", extra={"error": str(error.orig)})
            return
        finally:
            db.session.remove()
            db.engine.dispose()  # a worker forks: its children must not share a connection
    if not readable:
        raise ConfigurationError(OTHER_KEYS)
