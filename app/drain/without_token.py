"""Atlassian gives no token, so Jira cannot be asked anything: everything due waits for a while."""

import logging
from collections.abc import Sequence

from app.drain import reading_back
from app.drain.current import Current
from app.drain.failures import fail_without_token
from app.drain.unknown_creates import postpone
from app.extensions import db
from app.jira.errors import JiraError
from app.services.outbound import duplicates
from app.services.outbound.claims import Claim

log = logging.getLogger(__name__)


def put_off(current: Current, claimed: Sequence[Claim], error: JiraError) -> None:
    """Let links, reads and second looks wait as if Jira itself had not answered. Commits.

    A stamp stays whatever happens: only probes decide about it.
    """
    log.warning("no token", extra=current.ids(error=str(error)))
    db.session.rollback()
    if stamped := [claim for claim in claimed if claim.stamp]:
        postpone(current, stamped, error)
    fail_without_token(current, [claim for claim in claimed if not claim.stamp], error)
    duplicates.postpone(duplicates.due(current.lease))
    reading_back.wait(current, error)
