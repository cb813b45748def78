"""What nobody expected went wrong with a connection's work: it waits, so that it is not tried, and
logged, once a second for ever."""

from datetime import timedelta

from app.clock import utcnow
from app.extensions import db
from app.models import WorkKind
from app.models.holding import hold
from app.services import back_offs

# What went wrong this long ago makes no next wait longer.
FORGOTTEN_AFTER = timedelta(hours=1)


def put_off(connection_id: int, kind: WorkKind) -> None:
    """Let the connection's work of this kind wait, each time in a row longer. The caller commits.

    Does nothing for a connection that is not there.
    """
    connection = hold(connection_id)
    if connection is None:
        return
    work, now = connection.works[kind], utcnow()
    if work.not_before is None or work.not_before < now - FORGOTTEN_AFTER:
        work.failures = 0
    work.failures += 1
    work.not_before = now + back_offs.UNEXPECTED.after(work.failures)
    db.session.flush()
