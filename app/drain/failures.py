"""Write what went wrong, as the table decides."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.clock import utcnow
from app.drain import refused_places
from app.drain.current import Current, delays
from app.drain.refused_places import UNSEEN, SeenPlace
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import Facts, JiraError, JiraRateLimited, JiraRefused, JiraUnavailable
from app.jira.types import Call
from app.models import FailureCode, Operation
from app.services.mapping import evidence, screens
from app.services.mapping.mappings import Place, Target
from app.services.outbound import outcomes, record
from app.services.outbound.claims import Claim
from app.services.outbound.plan import Plan
from app.services.outbound.recording import Recording, recording
from app.services.outbound.send import Sent
from app.services.owed.pushes import arm

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """What went wrong for a claim, and what becomes of it. call: the request, where one left."""

    claim: Claim
    operation: Operation
    error: JiraError
    decision: outcomes.Decision
    call: Call | None = None
    fields: tuple[str, ...] = ()


def of_sent(current: Current, sent: Sent, seen: SeenPlace = UNSEEN) -> Failure:
    """Decide about a request that did not do what it was sent for."""
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
    return _decided(
        current, sent.plan.claim, tried, sent.error, call=sent.call, fields=sent.plan.field_names
    )


def fail_refused(current: Current, client: JiraClient, refused: Sequence[Sent]) -> None:
    """Record refusals, after asking whether they are a matter of permissions (design.md §4)."""
    failures = []
    for sent in refused:
        place = refused_places.seen(current, client, sent.plan.claim)
        failures.append(of_sent(current, sent, place))
    _fail(current, failures)


def fail_unsent(
    current: Current, client: JiraClient, concerned: Sequence[Claim], error: JiraError
) -> None:
    """Nothing left for these links: the screen of their project and type could not be read."""
    failures = []
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
        failures.append(_decided(current, claim, tried, error))
    _fail(current, failures)


def fail_without_token(current: Current, concerned: Sequence[Claim], error: JiraError) -> None:
    """Nothing left for these links, because no token could be had to send it with."""
    if not isinstance(error, JiraRateLimited):
        # Whether a token was renewed may be unknown; whether an issue was created is not.
        after = getattr(error, "retry_after", None)
        facts = Facts(status=error.status, trace_id=error.trace_id)
        error = JiraUnavailable(error.operation, retry_after=after, **facts)
    tries = [outcomes.Try(operation_of(claim), claim.tries, utcnow()) for claim in concerned]
    pairs = zip(concerned, tries, strict=True)
    _fail(current, [_decided(current, claim, tried, error) for claim, tried in pairs])


def record_failure(current: Current, held: Recording, failure: Failure) -> bool:
    """Write it, unless another drain has taken the link over; whether it was written."""
    claim, error = failure.claim, failure.error
    link = held.links.get(claim.link_id)
    if link is None:
        log.warning("too late to record", extra=current.ids(link=claim.link_id, error=str(error)))
        return False
    decision = failure.decision
    if decision.gives_up and record.changed_since(link, claim.change_number):
        arm(link)  # as whoever edits or asks after it was given up would have done
        decision = outcomes.with_fresh_tries(decision, error, utcnow(), delays())
    record.failed(held, link, failure.operation, error, decision, failure.call, failure.fields)
    log.info("push failed", extra=current.ids(link=claim.link_id, error=str(error)))
    return True


def tell_mappings(current: Current, failures: Iterable[Failure]) -> None:
    """What refused creates tell of their mappings: of each that is refused for one reason once."""
    refused: dict[tuple[Target, FailureCode], datetime] = {}
    for failure in failures:
        target, code = failure.claim.target, failure.decision.code
        if code and target and not failure.claim.issue_id:
            left_at = failure.call.started_at if failure.call else utcnow()
            refused[target, code] = min(left_at, refused.get((target, code), left_at))
    for (target, code), left_at in refused.items():
        evidence.refused(current.lease, target, code, left_at)


def _fail(current: Current, failures: Sequence[Failure]) -> None:
    """Record them together. Commits."""
    if failures:
        with recording(current.lease, {each.claim.link_id for each in failures}) as held:
            written = [each for each in failures if record_failure(current, held, each)]
        tell_mappings(current, written)
    db.session.commit()


def withheld(plan: Plan) -> outcomes.Decision | None:
    """What becomes of a field that an update leaves out, because the issue could not be read."""
    if plan.findings.trouble is None:
        return None
    tried = outcomes.Try(Operation.UPDATE, plan.claim.tries, utcnow())
    return outcomes.outcome_of(plan.findings.trouble, tried, delays())


def _decided(
    current: Current,
    claim: Claim,
    tried: outcomes.Try,
    error: JiraError,
    *,
    call: Call | None = None,
    fields: tuple[str, ...] = (),
) -> Failure:
    decision = outcomes.outcome_of(error, tried, delays())
    named = replace(decision, fields=_names(current, claim, decision.fields))
    return Failure(claim, tried.operation, error, named, call, fields)


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
