"""What became of a request: written to the link, the sync log and the connection."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app

from app.clock import utcnow
from app.jira.errors import JiraError
from app.jira.types import Call, CreatedIssue
from app.models import (
    AssigneeNote,
    EntryState,
    FailureCode,
    IssueLink,
    LinkState,
    Operation,
    Outcome,
)
from app.services.grants.pauses import PauseScope
from app.services.mapping.mappings import Place
from app.services.outbound import (
    connection_state,
    entries,
    owed_sprints,
    remembered,
    second_looks,
    stamped_notes,
)
from app.services.outbound.claims import Claim
from app.services.outbound.outcomes import Decision
from app.services.outbound.plan import Findings, Plan
from app.services.outbound.recording import Recording

NOTHING_FOUND = Findings()


@dataclass(frozen=True)
class Success:
    """What Jira now holds for a link.

    claimed: as it was when it was planned. withheld: what becomes of a field that was not sent,
    because the issue could not be read.
    """

    operation: Operation
    snapshot: dict[str, Any]
    assignee_note: AssigneeNote | None
    change_number: int
    issue: CreatedIssue | None = None
    fields: tuple[str, ...] = ()
    findings: Findings = NOTHING_FOUND
    claimed: Claim | None = None
    withheld: Decision | None = None


def changed_since(link: IssueLink, change_number: int) -> bool:
    """Whether somebody changed the item, or asked for a push, since that change."""
    return link.change_number != change_number and not link.action_item.let_go


def succeeded(held: Recording, link: IssueLink, success: Success, call: Call | None) -> None:
    """Store exactly what was sent, and clear `due_at` unless the item changed meanwhile."""
    entry = held.pushes.open(link, success.operation)
    if success.issue is not None:
        _tie(held, link, success.issue)
    remembered.store(link, success.snapshot, success.findings, success.claimed)
    if success.operation is Operation.CREATE and success.claimed is not None:
        owed_sprints.owe(link, success.claimed)
    link.assignee_note = success.assignee_note
    link.synced_at = utcnow()
    _settle(link, success.change_number)
    entry.fields, entry.replaced = list(success.fields), dict(success.findings.replaced) or None
    entries.close(entry, link, EntryState.SYNCED)
    held.pushes.add_try(entry, success.operation, Outcome.SUCCEEDED, call)
    held.answers.append(call)
    if success.withheld is not None:
        _withhold(held, link, success)


def nothing_to_send(held: Recording, link: IssueLink, plan: Plan) -> None:
    """The item already equals its issue: not due any more, and nothing is logged.

    An earlier try that failed is over with that: nothing of it will be sent again.
    """
    held.pushes.close_unfinished(link)
    remembered.store(link, plan.snapshot, plan.findings, plan.claim)
    link.assignee_note = plan.assignee_note
    _settle(link, plan.claim.change_number)


def adopted(held: Recording, link: IssueLink, issue: CreatedIssue) -> None:
    """A probe found the issue of a create whose answer never came. What was sent is what it holds,
    and what it left without is what it lacks.

    The link stays due to compare once more: no difference, no request. Only an item that was
    deleted or dropped meanwhile asks for nothing more.
    """
    entry = held.pushes.open(link, Operation.CREATE)
    _tie(held, link, issue)
    stamped_notes.adopt(link)
    owed_sprints.owe_as_stamped(link)
    link.synced_at = utcnow()
    _release(link)
    link.state = LinkState.WAITING
    if link.action_item.let_go:
        link.due_at = link.due_since = None
        link.state = LinkState.SYNCED
    link.tries = 0
    _clear_failure(link)
    entries.close(entry, link, EntryState.SYNCED)
    held.pushes.add_try(entry, Operation.PROBE, Outcome.ADOPTED, None)


def probe_empty(held: Recording, link: IssueLink, next_state: LinkState | None) -> None:
    """A probe found nothing. `next_state` None: one more probe has to say so, too."""
    link.empty_probes += 1
    entry = held.pushes.open(link, Operation.CREATE)
    held.pushes.add_try(entry, Operation.PROBE, Outcome.NOT_FOUND, None)
    if next_state is None:
        seconds = current_app.config["SYNC_PROBE_DELAYS"][1]
        link.not_before = utcnow() + timedelta(seconds=seconds)
    else:
        _clear_stamp(link)
        link.not_before = None
        link.state = next_state
        if next_state is LinkState.ERROR:
            _give_up(held, link)
            entries.close_failed(entry, link)
    _release(link)


def _give_up(held: Recording, link: IssueLink) -> None:
    """The last try stayed unanswered and is now known to have done nothing."""
    link.due_at = link.due_since = None
    link.failure_code = FailureCode.JIRA_UNAVAILABLE
    link.failed_at = utcnow()
    connection_state.note_outage(held.connection)


def probe_blocked(link: IssueLink, code: FailureCode, wait: timedelta, message: str = "") -> None:
    """A probe could not look: the outcome stays unknown, and nothing is created meanwhile."""
    link.failure_code = code
    link.failure_message = message[: entries.MESSAGE_LIMIT] or None
    link.not_before = utcnow() + wait
    _release(link)


def goes_on(
    held: Recording, link: IssueLink, operation: Operation, error: JiraError, call: Call | None
) -> None:
    """Log a refusal after which the same goes out at once with less in it; it counts as no try.

    Nothing was created by it: the stamp is cleared, and set anew before the next request leaves.
    """
    entry = held.pushes.open(link, operation)
    held.pushes.add_try(entry, operation, Outcome.REFUSED, call, error)
    _clear_stamp(link)


def failed(
    held: Recording,
    link: IssueLink,
    operation: Operation,
    error: JiraError,
    decision: Decision,
    call: Call | None,
    fields: tuple[str, ...] = (),
) -> None:
    """Write a failure as `decision` says, to the link, the log and whatever is paused by it.

    `fields` are those that were sent.
    """
    entry = held.pushes.open(link, operation)
    entry.fields = list(fields)
    _apply(held, link, error, decision)
    entries.log_failure(entry, link, decision)
    held.pushes.add_try(entry, operation, decision.outcome, call, error)
    if decision.pause and decision.pause.scope is PauseScope.LINK:
        link.not_before = decision.pause.until
    elif decision.pause:
        held.pauses.add(decision.pause)
    if decision.drops_metadata and link.stamped_project_id and link.stamped_issue_type_id:
        held.stale_screens.add(Place(link.stamped_project_id, link.stamped_issue_type_id))


def _withhold(held: Recording, link: IssueLink, success: Success) -> None:
    """What was not sent is due again, as if it had been tried by itself."""
    error, decision = success.findings.trouble, success.withheld
    if error is None or decision is None:
        return
    now = utcnow()
    link.due_at, link.due_since = link.due_at or now, link.due_since or now
    link.tries = success.claimed.tries if success.claimed else 0
    entry = held.pushes.open(link, success.operation)
    entry.fields = list(success.findings.withheld)
    _apply(held, link, error, decision)
    entries.log_failure(entry, link, decision)
    held.pushes.add_try(entry, success.operation, decision.outcome, None, error)


def _tie(held: Recording, link: IssueLink, issue: CreatedIssue) -> None:
    """The id is the identity; the key is a moved issue's new one."""
    link.issue_id, link.issue_key = issue.id, issue.key
    link.cloud_id, link.site_url = held.lease.cloud_id, held.lease.site_url
    held.new_keys.add(issue.key)
    _clear_stamp(link)


def _clear_stamp(link: IssueLink) -> None:
    """The outcome is known. Project and type stay: they say where the issue was created."""
    link.stamped_at = link.unknown_since = None
    link.empty_probes = 0


def _settle(link: IssueLink, change_number: int) -> None:
    """Also where a disconnect has made nothing due any more, what changed meanwhile is due."""
    now, changed = utcnow(), changed_since(link, change_number)
    link.due_at = (link.due_at or now) if changed else None
    link.due_since = now if changed else None
    link.not_before = None
    link.tries = 0
    _clear_failure(link)
    _release(link)
    link.state = LinkState.WAITING if changed else LinkState.SYNCED


def _release(link: IssueLink) -> None:
    link.claim_id = None
    link.revision += 1


def _clear_failure(link: IssueLink) -> None:
    link.failure_code = link.failure_message = link.failure_fields = link.failed_at = None


def _apply(held: Recording, link: IssueLink, error: JiraError, decision: Decision) -> None:
    now = utcnow()
    link.state = decision.state
    link.tries += decision.counts_as_try
    link.not_before = decision.not_before
    if decision.code:
        link.failure_code = decision.code
        link.failure_message = error.sentence[: entries.MESSAGE_LIMIT] or None
        link.failure_fields = list(decision.fields)
        link.failed_at = now
    if decision.assignee_note:
        link.assignee_note = decision.assignee_note
    if decision.outcome in {Outcome.UNAVAILABLE, Outcome.UNKNOWN}:
        connection_state.note_outage(held.connection)
    if not decision.still_due:
        link.due_at = link.due_since = None
    if decision.state is LinkState.UNKNOWN:
        link.unknown_since = now
        link.recheck_at = now + second_looks.AFTER
    else:
        _clear_stamp(link)
    _release(link)
