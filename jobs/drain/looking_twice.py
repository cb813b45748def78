"""Look once more at creates that were once unknown (design.md §3.5)."""

import logging
from collections.abc import Sequence

from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.models import utcnow
from app.services.sync import health, second_looks
from app.services.sync.second_looks import Doubt
from jobs.drain.current import Current

log = logging.getLogger(__name__)


def look_twice(current: Current, client: JiraClient, doubted: Sequence[Doubt]) -> None:
    """Say where Jira holds two issues for one link; what got no answer is looked at later.

    Raises JiraUnauthorized.
    """
    accounts = second_looks.accounts_of(current.lease)
    db.session.commit()
    try:
        sight = second_looks.look(client, doubted, accounts, utcnow())
    except JiraUnauthorized:
        raise
    except JiraError as error:
        log.warning("no second look", extra=current.ids(error=str(error)))
        second_looks.postpone(doubted)
        health.pause_if_asked(current.lease.connection_id, error)
        db.session.commit()
        return
    for doubt in doubted:
        second_looks.record(current.lease, doubt, sight)
        db.session.commit()
