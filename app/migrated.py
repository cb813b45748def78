"""Whether the database is what this version expects: nothing starts on one that is not."""

import logging
from functools import cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.extensions import db, writing
from config import ConfigurationError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
SENTENCE = (
    "The database is not ready for this version of Unpack ({found}; it needs {needed}). Stop what "
    "still runs of the earlier version, then: flask db upgrade"
)

log = logging.getLogger(__name__)


def is_current(app: Flask) -> bool:
    """Whether the database is upgraded as far as this version needs. Raises `DBAPIError`."""
    needed, known = _versions()
    found = _applied(app)
    return found == needed or bool(found - known)


def refuse_unmigrated(app: Flask) -> None:
    """Raise `ConfigurationError`, which names the command, unless every migration was applied.

    A database that is away now may come back: that is said in the log, and no reason not to start.
    Nor is one that a newer version has upgraded: there may be a reason to run this one beside it.
    """
    needed, known = _versions()
    try:
        found = _applied(app)
    except DBAPIError as error:
        log.warning("not known whether the database is ready", extra={"error": str(error.orig)})
        return
    if found - known:
        log.warning("the database was upgraded by a newer version", extra={"found": _words(found)})
    elif found != needed:
        raise ConfigurationError(SENTENCE.format(found=_words(found), needed=_words(needed)))


@cache
def _versions() -> tuple[set[str], set[str]]:
    """The revisions that this version needs, and all that it knows."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    return set(scripts.get_heads()), {script.revision for script in scripts.walk_revisions()}


def _applied(app: Flask) -> set[str]:
    with app.app_context():
        reading = writing.set(False)
        try:
            with db.engine.connect() as connection:
                return set(MigrationContext.configure(connection).get_current_heads())
        finally:
            writing.reset(reading)


def _words(revisions: set[str]) -> str:
    return "revision " + ", ".join(sorted(revisions)) if revisions else "it is empty"
