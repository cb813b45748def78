"""What this process has asked of Jira, added to the hour's points (design.md §4.1).

At the end of each job, and of each request in which somebody waited for Jira.
"""

import logging

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.extensions import answer_by, db, writing
from app.services.points import counted, pool

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.teardown_request(_count_of_request)


def _count_of_request(_error: BaseException | None) -> None:
    # The answer leaves after it, so that a database that is busy is hardly waited for.
    before = answer_by.set(clock.monotonic())
    try:
        count()
    finally:
        answer_by.reset(before)


def count() -> None:
    """Add it. Whatever the session holds is rolled back; commits, and raises nothing."""
    if not counted.owed():
        return
    before = writing.set(True)
    try:
        db.session.rollback()
        askers = pool.settle()
        db.session.commit()
        for each in askers:
            pool.hold_reads(each)
            db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()
        log.exception("points not counted")
    finally:
        writing.reset(before)
