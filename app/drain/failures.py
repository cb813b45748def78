"""Write what went wrong, as the table decides; ask Jira about permissions where that decides."""

import logging
from collections.abc import Sequence

from app.clock import utcnow
from app.drain.current import Current, delays
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import Facts, JiraError, JiraRateLimited, JiraRefused, JiraUnavailable
from app.jira.types import Call
from app.models import Operation
from app.services.grants import pauses
from app.services.mapping import evidence
from app.services.outbound import fence, outcomes, record
from app.services.outbound.claims import Claim, by_link
from app.services.outbound.plan import Plan
from app.services.outbound.send import Sent

PERMISSIONS = ("CREATE_ISSUES", "BROWSE_PROJECTS", "EDIT_ISSUES")

log = logging.getLogger(__name__)


def fail_sent(current: Current, sent: Sent, permissions: dict[str, bool] | None = None) -> None:
    """Record a request that did not do what it was sent for. The caller commits."""
    assert sent.error is not None
    tried = outcomes.Try(
        operation=_operation(sent.plan.claim),
        failures_before=sent.plan.claim.tries,
        now=utcnow(),
        permissions=permissions,
        sent_account=sent.plan.sends_account,
        sent_substitute=sent.plan.sends_substitute,
    )
    _record(current, sent.plan.claim, tried, sent.error, sent.call, sent.plan.field_names)


def fail_refused(current: Current, client: JiraClient, sent: Sent) -> None:
    """Record a refusal, after asking whether it is a matter of permissions (design.md §4)."""
    fail_sent(current, sent, _permissions(current, client, sent.plan.claim))
    db.session.commit()


def fail_unsent(
    current: Current, client: JiraClient, concerned: Sequence[Claim], error: JiraError
) -> None:
    """Nothing left for these links: the screen of their project and type could not be read."""
    for claim in concerned:
        refused = isinstance(error, JiraRefused)
        permissions = _permissions(current, client, claim) if refused else None
        tried = outcomes.Try(_operation(claim), claim.tries, utcnow(), permissions)
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
        tried = outcomes.Try(_operation(claim), claim.tries, utcnow())
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
    record.failed(current.lease, claim.link_id, tried.operation, error, decision, call, fields)
    if decision.code and claim.target and not claim.issue_id:
        left_at = call.started_at if call else utcnow()
        evidence.refused(current.lease, claim.target, decision.code, left_at)
    log.info("push failed", extra=current.ids(link=claim.link_id, error=str(error)))


def _operation(claim: Claim) -> Operation:
    return Operation.UPDATE if claim.issue_id else Operation.CREATE


def _permissions(current: Current, client: JiraClient, claim: Claim) -> dict[str, bool] | None:
    """What the account may do in the claim's project, asked once per drain; None unanswered."""
    project_id = claim.project_id if claim.issue_id else None
    if claim.issue_id is None and claim.target is not None:
        project_id = claim.target.project_id
    if project_id is None:
        return None
    if project_id not in current.permissions:
        db.session.commit()
        try:
            answer = client.permissions(PERMISSIONS, project_id=project_id)
        except JiraRefused:
            answer = {}  # a project that cannot be seen is refused, not answered with "no"
        except JiraError as error:
            pauses.pause_if_asked(current.lease.connection_id, error)
            log.warning("permissions not asked", extra=current.ids(error=str(error)))
            return None
        current.permissions[project_id] = answer
    return current.permissions[project_id]
