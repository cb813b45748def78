"""Asking for a look at the webhook that a connection has in Jira."""

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, WorkKind
from app.queue import KEEP_WEBHOOK, ring_after_commit


def owe_upkeep(connection: JiraConnection) -> None:
    """Have the webhook in Jira compared with what is desired now, even if a failure asked to wait.

    To be called after any change of what is desired, the mappings or the projects of active links.
    """
    work = connection.works[WorkKind.WEBHOOK]
    work.due_at = utcnow()
    work.settle()
    db.session.flush()
    ring_after_commit(connection.id, KEEP_WEBHOOK)
