"""How far a search for titles and keys looks."""

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import text

from app import migrated
from app.extensions import db
from app.operations.doctor.finding import Finding, amber, green
from app.services import text_search
from app.services.text_search import Reach

SUBJECT = "search"
MISSING = f"titles are looked for among the newest {text_search.NEWEST:,} rows only"
REMEDY = "docs/operations.md says how, under Searching on PostgreSQL"


def searches() -> Iterator[Finding]:
    """Nothing of a database that is not upgraded, which is said elsewhere."""
    if not migrated.is_current(current_app._get_current_object()):  # type: ignore[attr-defined]
        return
    if text_search.reach() is Reach.EVERYTHING:
        yield green(SUBJECT, "an index finds every title and key")
    elif db.engine.dialect.name == "postgresql" and not _has_extension():
        yield amber(
            SUBJECT,
            f"{MISSING}: the extension pg_trgm is missing",
            f"make it as a superuser, then the indexes; {REMEDY}",
        )
    else:
        yield amber(SUBJECT, f"{MISSING}: the index of trigrams is missing", f"make it; {REMEDY}")


def _has_extension() -> bool:
    found = text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    return db.session.scalar(found) is not None
