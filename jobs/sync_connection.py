"""Drain one connection: claim due links, let go of the database, call Jira, record.

See design.md §2.
"""

import logging

from app import clock, queue
from app.clock import utcnow
from app.drain import claiming, drain_lease
from app.drain.rounds import Drain
from app.extensions import db
from app.jira.errors import JiraUnauthorized
from app.services.schedule import due_drains
from app.services.work import leases
from app.stopping import stop_requested
from jobs.context import in_app

# A large backlog gives way to other connections after this long.
DRAIN_SECONDS = 20.0

log = logging.getLogger(__name__)


@in_app
def run(connection_id: int) -> None:
    """Push what is due for the connection. Running it twice, or at once, does no harm."""
    queue.silence(connection_id)
    lease = drain_lease.take(connection_id)
    if lease is not None:
        claiming.recover(lease)
    db.session.commit()
    if lease is None:
        return
    try:
        _drain(Drain(lease))
    finally:
        db.session.rollback()
        leases.release(lease)  # before the links, as everywhere (design.md §2.3)
        claiming.give_back(lease)
        db.session.commit()
    _look_again(connection_id)


def _drain(drain: Drain) -> None:
    deadline = clock.monotonic() + DRAIN_SECONDS
    while clock.monotonic() < deadline and not stop_requested():
        try:
            if not drain.round():
                return
        except JiraUnauthorized as error:
            db.session.rollback()
            if not drain.recovers_from(error):
                return


def _look_again(connection_id: int) -> None:
    """Whatever became due during the drain rings for itself: nothing is left behind."""
    is_due = due_drains.connection_is_due(connection_id, utcnow())
    db.session.rollback()
    if is_due:
        queue.ring(connection_id)
