"""Look once more at creates that were once unknown (design.md §3.5)."""

import logging
from collections.abc import Sequence

from app.clock import utcnow
from app.drain.current import Current
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.services.grants import pauses
from app.services.outbound import duplicates
from app.services.outbound.duplicates import Doubt

log = logging.getLogger(__name__)


def look_twice(current: Current, client: JiraClient, doubted: Sequence[Doubt]) -> None:
    """Say where Jira holds two issues for one link; what got no answer is looked at later.

    Raises JiraUnauthorized.
    """
    accounts = duplicates.accounts_of(current.lease)
    db.session.commit()
    try:
        seen = duplicates.look(client, doubted, accounts, utcnow())
    except JiraUnauthorized:
        raise
    except JiraError as error:
        log.warning("no second look", extra=current.ids(error=str(error)))
        duplicates.postpone(doubted)
        pauses.pause_if_asked(current.lease.connection_id, error)
        db.session.commit()
        return
    for doubt in doubted:
        duplicates.record(current.lease, doubt, seen)
        db.session.commit()
