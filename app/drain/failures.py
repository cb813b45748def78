"""Write what went wrong, as the table decides."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from app.clock import utcnow
from app.drain import refused_places
from app.drain.current import Current, delays
from app.drain.refused_places import UNSEEN, SeenPlace
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import Facts, JiraError, JiraRateLimited, JiraRefused, JiraUnavailable
from app.jira.types import Call
from app.models import Operation
from app.services.mapping import evidence, screens
from app.services.mapping.mappings import Place
from app.services.outbound import fence, outcomes, record
from app.services.outbound.claims import Claim, by_link
from app.services.outbound.plan import Plan
from app.services.outbound.send import Sent

log = logging.getLogger(__name__)


def fail_sent(current: Current, sent: Sent, seen: SeenPlace = UNSEEN) -> None:
    """Record a request that did not do what it was sent for. The caller commits."""
    assert sent.error is not None
    tried = outcomes.Try(
        operation=operation_of(sent.plan.claim),
        failures_before=sent.plan.claim.tries,
        now=utcnow(),
        permissions=seen.permissions,
        archived=seen.archived,
        sent_account=sent.plan.sends_account,
        sent_substitute=sent.plan.sends_substitute,
    )
    _record(current, sent.plan.claim, tried, sent.error, sent.call, sent.plan.field_names)


def fail_refused(current: Current, client: JiraClient, sent: Sent) -> None:
    """Record a refusal, after asking whether it is a matter of permissions (design.md §4)."""
    fail_sent(current, sent, refused_places.seen(current, client, sent.plan.claim))
    db.session.commit()


def fail_unsent(
    current: Current, client: JiraClient, concerned: Sequence[Claim], error: JiraError
) -> None:
    """Nothing left for these links: the screen of their project and type could not be read."""
    for claim in concerned:
        seen = UNSEEN
        if isinstance(error, JiraRefused):
            seen = refused_places.seen(current, client, claim, for_screen=True)
        tried = outcomes.Try(
            operation_of(claim),
            claim.tries,
            utcnow(),
            seen.permissions,
            archived=seen.archived,
            type_gone=seen.type_gone,
        )
        _record(current, claim, tried, error, None)
        db.session.commit()


def fail_without_token(current: Current, concerned: Sequence[Claim], error: JiraError) -> None:
    """Nothing left for these links, because no token could be had to send it with."""
    if not isinstance(error, JiraRateLimited):
        # Whether a token was renewed may be unknown; whether an issue was created is not.
        after = getattr(error, "retry_after", None)
        facts = Facts(status=error.status, trace_id=error.trace_id)
        error = JiraUnavailable(error.operation, retry_after=after, **facts)
    for claim in by_link(concerned):
        tried = outcomes.Try(operation_of(claim), claim.tries, utcnow())
        _record(current, claim, tried, error, None)
    db.session.commit()


def withheld(plan: Plan) -> outcomes.Decision | None:
    """What becomes of a field that an update leaves out, because the issue could not be read."""
    if plan.findings.trouble is None:
        return None
    tried = outcomes.Try(Operation.UPDATE, plan.claim.tries, utcnow())
    return outcomes.outcome_of(plan.findings.trouble, tried, delays())


def _record(
    current: Current,
    claim: Claim,
    tried: outcomes.Try,
    error: JiraError,
    call: Call | None,
    fields: tuple[str, ...] = (),
) -> None:
    if not fence.holds(current.lease, claim.link_id):
        log.warning("too late to record", extra=current.ids(link=claim.link_id, error=str(error)))
        return
    decision = outcomes.outcome_of(error, tried, delays())
    decision = replace(decision, fields=_names(current, claim, decision.fields))
    record.failed(current.lease, claim.link_id, tried.operation, error, decision, call, fields)
    if decision.code and claim.target and not claim.issue_id:
        left_at = call.started_at if call else utcnow()
        evidence.refused(current.lease, claim.target, decision.code, left_at)
    log.info("push failed", extra=current.ids(link=claim.link_id, error=str(error)))


def _names(current: Current, claim: Claim, field_ids: Sequence[str]) -> tuple[str, ...]:
    """What people call the fields that a refusal names; nobody knows Jira's ids."""
    place = claim.place
    if claim.issue_id is None and claim.target is not None:
        place = Place(claim.target.project_id, claim.target.issue_type_id)
    if not field_ids or place is None:
        return tuple(field_ids)
    return tuple(screens.names_of(current.lease.connection_id, place, field_ids))


def operation_of(claim: Claim) -> Operation:
    """What is tried for a claim."""
    return Operation.UPDATE if claim.issue_id else Operation.CREATE
