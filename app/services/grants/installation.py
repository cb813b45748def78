"""The one row for what concerns every connection at once."""

from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import Installation


def row() -> Installation:
    """The row, read anew; made where there is none yet, by one of several who need it at once."""
    found = db.session.get(Installation, 1, populate_existing=True)
    if found is not None:
        return found
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(Installation(id=1))
    return db.session.get_one(Installation, 1, populate_existing=True)
