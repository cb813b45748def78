"""The look whether a connection may work again, as the ticker rings for it."""

from datetime import timedelta
from typing import Any

import time_machine

from app.clock import utcnow
from app.extensions import db
from app.queue import KEEP_GRANT
from app.services.schedule import tick
from jobs import keep_grant

QUARTER = timedelta(minutes=15, seconds=1)


def rings() -> list[int]:
    """Whom the ticker would ring for at this moment."""
    found = [each for job, each in tick.bells(utcnow()) if job == KEEP_GRANT]
    db.session.commit()
    return found


def look(acme: Any, after: timedelta = QUARTER) -> list[str]:
    """What is asked of Atlassian by the look that is due after so long, if one is."""
    before = len(acme.jira.control.requests())
    with time_machine.travel(utcnow() + after):
        for connection_id in rings():
            keep_grant.run(connection_id)
    db.session.expire_all()
    return [each["operation"] for each in acme.jira.control.requests()[before:]]
