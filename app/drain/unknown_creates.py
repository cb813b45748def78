"""Settle creates whose outcome is unknown, with one probe for all of them (design.md §3.4)."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from flask import current_app

from app.clock import utcnow
from app.drain.current import Current, delays
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraUnauthorized
from app.models import FailureCode
from app.services import back_offs
from app.services.grants import pauses
from app.services.outbound import outcomes, probe, record
from app.services.outbound.claims import Claim
from app.services.outbound.recording import Recording, recording

# Somebody has to give the account its view back first.
UNSEEN_WAIT = timedelta(minutes=5)

log = logging.getLogger(__name__)


def settle_unknown(current: Current, client: JiraClient, stamped: Sequence[Claim]) -> None:
    """Adopt the issues that a probe finds; note the links for which it found nothing.

    Raises JiraUnauthorized; any other failure only postpones the probe.
    """
    try:
        result = probe.probe(client, stamped, utcnow())
    except JiraUnauthorized:
        raise
    except JiraError as error:
        postpone(current, stamped, error)
        return
    with recording(current.lease, {claim.link_id for claim in stamped}) as held:
        for claim in stamped:
            if claim.link_id in held.links:
                _record(current, held, claim, result)
    db.session.commit()


def _record(current: Current, held: Recording, claim: Claim, result: probe.ProbeResult) -> None:
    assert claim.stamp is not None
    link = held.links[claim.link_id]
    if found := result.found.get(claim.link_public_id):
        record.adopted(held, link, found[0])
        if len(found) > 1:
            keys = [issue.key for issue in found]
            log.error("two issues for one link", extra=current.ids(link=claim.link_id, keys=keys))
    elif claim.stamp.project_id in result.visible:
        probes = len(current_app.config["SYNC_PROBE_DELAYS"])
        last = claim.stamp.empty_probes + 1 >= probes
        state = outcomes.after_empty_probes(claim.tries, delays()) if last else None
        record.probe_empty(held, link, state)
    else:
        record.probe_blocked(link, FailureCode.OUTCOME_UNSEEN, UNSEEN_WAIT)


def postpone(current: Current, stamped: Sequence[Claim], error: JiraError) -> None:
    """Jira could not be asked: the stamps stay, and the next probe waits."""
    wait = max(timedelta(seconds=delays().first_probe), back_offs.asked_wait(error))
    paused = pauses.pause_if_asked(current.lease.connection_id, error)
    code = FailureCode.RATE_LIMITED if paused else FailureCode.JIRA_UNAVAILABLE
    with recording(current.lease, {claim.link_id for claim in stamped}) as held:
        for link in held.links.values():
            record.probe_blocked(link, code, wait, error.sentence)
    db.session.commit()
    log.warning("probe failed", extra=current.ids(error=str(error)))
