"""What became of a request: written to the link, the sync log and the connection."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, select

from app.extensions import db
from app.jira.errors import JiraError
from app.jira.types import Call, CreatedIssue
from app.models import (
    AssigneeNote,
    EntryState,
    FailureCode,
    Installation,
    IssueLink,
    JiraConnection,
    JiraIssueType,
    LinkState,
    Operation,
    Outcome,
    SyncAttempt,
    SyncEntry,
    utcnow,
)
from app.services.sync.deciding import Decision, Pause, PauseScope
from app.services.sync.leases import DrainLease

MESSAGE_LIMIT = 1000
RECHECK_AFTER = timedelta(minutes=30)


@dataclass(frozen=True)
class Success:
    """What Jira now holds for a link."""

    operation: Operation
    snapshot: dict[str, Any]
    assignee_note: AssigneeNote | None
    change_number: int
    issue: CreatedIssue | None = None
    fields: tuple[str, ...] = ()


def succeeded(lease: DrainLease, link_id: int, success: Success, call: Call | None) -> IssueLink:
    """Store exactly what was sent, and clear `due_at` unless the item changed meanwhile."""
    link = _link(link_id)
    entry = _entry(link, success.operation)
    if success.issue is not None:
        _tie(link, lease, success.issue)
    link.snapshot = success.snapshot
    link.assignee_note = success.assignee_note
    link.synced_at = utcnow()
    _settle(link, success.change_number)
    entry.fields = list(success.fields)
    _close_entry(entry, link, EntryState.SYNCED)
    _attempt(entry, success.operation, Outcome.SUCCEEDED, call)
    _note_success(lease, call)
    db.session.flush()
    return link


def nothing_to_send(link_id: int, change_number: int) -> None:
    """The item already equals its issue: not due any more, and nothing is logged."""
    link = _link(link_id)
    _settle(link, change_number)
    db.session.flush()


def adopted(lease: DrainLease, link_id: int, issue: CreatedIssue) -> None:
    """A probe found the issue of a create whose answer never came. What was sent is what it holds.

    The link stays due when it changed meanwhile, or simply to compare once more: no difference,
    no request.
    """
    link = _link(link_id)
    entry = _entry(link, Operation.CREATE)
    _tie(link, lease, issue)
    link.snapshot = link.stamped_snapshot
    link.synced_at = utcnow()
    _release(link)
    link.state = LinkState.WAITING
    link.tries = 0
    _clear_failure(link)
    _close_entry(entry, link, EntryState.SYNCED)
    _attempt(entry, Operation.PROBE, Outcome.ADOPTED, None)
    db.session.flush()


def probe_empty(link_id: int, next_state: LinkState | None) -> None:
    """A probe found nothing. `next_state` None: one more probe has to say so, too."""
    link = _link(link_id)
    link.empty_probes += 1
    entry = _entry(link, Operation.CREATE)
    _attempt(entry, Operation.PROBE, Outcome.NOT_FOUND, None)
    if next_state is None:
        seconds = current_app.config["SYNC_PROBE_DELAYS"][1]
        link.not_before = utcnow() + timedelta(seconds=seconds)
    else:
        _clear_stamp(link)
        link.not_before = None
        link.state = next_state
        if next_state is LinkState.ERROR:
            _fail(link, entry)
    _release(link)
    db.session.flush()


def probe_blocked(link_id: int, code: FailureCode, wait: timedelta, message: str = "") -> None:
    """A probe could not look: the outcome stays unknown, and nothing is created meanwhile."""
    link = _link(link_id)
    link.failure_code = code
    link.failure_message = message[:MESSAGE_LIMIT] or None
    link.not_before = utcnow() + wait
    _release(link)
    db.session.flush()


def failed(
    lease: DrainLease,
    link_id: int,
    operation: Operation,
    error: JiraError,
    decision: Decision,
    call: Call | None,
) -> IssueLink:
    """Write a failure as `decision` says, to the link, the log and whatever is paused by it."""
    link = _link(link_id)
    entry = _entry(link, operation)
    _apply(link, error, decision)
    _log_failure(entry, link, decision)
    _attempt(entry, operation, decision.outcome, call, error)
    if decision.pause:
        _pause(lease, link, decision.pause)
    if decision.drops_metadata:
        _drop_metadata(link)
    if decision.outcome is Outcome.UNAVAILABLE or decision.outcome is Outcome.UNKNOWN:
        _note_outage(lease)
    db.session.flush()
    return link


def note_attempt(link: IssueLink, operation: Operation, outcome: Outcome) -> None:
    """Log a try that this process did not make itself, such as that of a worker that died."""
    _attempt(_entry(link, operation), operation, outcome, None)


def _link(link_id: int) -> IssueLink:
    return db.session.get_one(IssueLink, link_id, populate_existing=True)


def _tie(link: IssueLink, lease: DrainLease, issue: CreatedIssue) -> None:
    """The id is the identity; the key is a moved issue's new one."""
    link.issue_id, link.issue_key = issue.id, issue.key
    link.cloud_id, link.site_url = lease.cloud_id, lease.site_url
    _clear_stamp(link)


def _clear_stamp(link: IssueLink) -> None:
    """The outcome is known. Project and type stay: they say where the issue was created."""
    link.stamped_at = link.unknown_since = None
    link.empty_probes = 0


def _settle(link: IssueLink, change_number: int) -> None:
    if link.change_number == change_number:
        link.due_at = link.due_since = None
    elif link.due_since is not None:
        link.due_since = utcnow()
    link.not_before = None
    link.tries = 0
    _clear_failure(link)
    _release(link)
    link.state = LinkState.WAITING if link.due_at else LinkState.SYNCED


def _release(link: IssueLink) -> None:
    link.claim_id = None
    link.revision += 1


def _clear_failure(link: IssueLink) -> None:
    link.failure_code = link.failure_message = link.failure_fields = link.failed_at = None


def _apply(link: IssueLink, error: JiraError, decision: Decision) -> None:
    now = utcnow()
    link.state = decision.state
    link.tries += decision.counts_as_try
    link.not_before = decision.not_before
    if decision.code:
        link.failure_code = decision.code
        link.failure_message = error.sentence[:MESSAGE_LIMIT] or None
        link.failure_fields = list(decision.fields)
        link.failed_at = now
    if decision.assignee_note:
        link.assignee_note = decision.assignee_note
    if not decision.still_due:
        link.due_at = link.due_since = None
    if decision.state is LinkState.UNKNOWN:
        link.unknown_since = now
        link.recheck_at = now + RECHECK_AFTER
    else:
        _clear_stamp(link)
    _release(link)


def _entry(link: IssueLink, operation: Operation) -> SyncEntry:
    """The log line that this try belongs to: the open one of the same operation, or a new one."""
    latest: SyncEntry | None = db.session.scalar(
        select(SyncEntry)
        .where(SyncEntry.issue_link_id == link.id)
        .order_by(SyncEntry.id.desc())
        .limit(1)
    )
    if latest and latest.operation is operation and latest.state is not EntryState.SYNCED:
        return latest
    team = link.action_item.retrospective.team
    entry = SyncEntry(
        organization_id=team.organization_id,
        team_id=team.id,
        link=link,
        action_item_id=link.action_item_id,
        operation=operation,
        state=EntryState.RUNNING,
        tries=0,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _close_entry(entry: SyncEntry, link: IssueLink, state: EntryState) -> None:
    entry.state = state
    entry.issue_key = link.issue_key
    entry.next_try_at = None
    entry.failure_code = entry.failure_message = entry.failure_fields = None
    entry.updated_at = utcnow()


def _log_failure(entry: SyncEntry, link: IssueLink, decision: Decision) -> None:
    entry.issue_key = link.issue_key
    entry.tries = link.tries
    entry.next_try_at = link.not_before
    entry.updated_at = utcnow()
    if decision.code:
        entry.failure_code = link.failure_code
        entry.failure_message = link.failure_message
        entry.failure_fields = link.failure_fields
    final = decision.state in {LinkState.ERROR, LinkState.DELETED, LinkState.UNSEEN}
    entry.state = EntryState.ERROR if final else EntryState.RETRYING


def _fail(link: IssueLink, entry: SyncEntry) -> None:
    """The last try of a create stayed unanswered and is now known to have done nothing."""
    link.due_at = link.due_since = None
    link.failure_code = FailureCode.JIRA_UNAVAILABLE
    link.failed_at = utcnow()
    entry.state = EntryState.ERROR
    entry.failure_code = link.failure_code
    entry.next_try_at = None
    entry.updated_at = utcnow()


def _attempt(
    entry: SyncEntry,
    operation: Operation,
    outcome: Outcome,
    call: Call | None,
    error: JiraError | None = None,
) -> None:
    entry.updated_at = utcnow()
    told = call or error
    db.session.add(
        SyncAttempt(
            entry_id=entry.id,
            operation=operation,
            outcome=outcome,
            status=told.status if told else None,
            trace_id=told.trace_id if told else None,
            duration_ms=call.duration_ms if call else None,
            started_at=call.started_at if call else utcnow(),
            message=(error.sentence[:MESSAGE_LIMIT] or None) if error else None,
        )
    )


def _pause(lease: DrainLease, link: IssueLink, pause: Pause) -> None:
    """A pause only ever grows: a shorter one that arrives later does not lift it."""
    if pause.scope is PauseScope.LINK:
        link.not_before = pause.until
        return
    row: JiraConnection | Installation
    if pause.scope is PauseScope.CONNECTION:
        row = db.session.get_one(JiraConnection, lease.connection_id, populate_existing=True)
    else:
        row = db.session.get(Installation, 1, populate_existing=True) or Installation(id=1)
        db.session.add(row)
    row.paused_until = max(row.paused_until or pause.until, pause.until)


def _drop_metadata(link: IssueLink) -> None:
    db.session.execute(
        delete(JiraIssueType).where(
            JiraIssueType.connection_id == link.connection_id,
            JiraIssueType.project_id == link.stamped_project_id,
            JiraIssueType.issue_type_id == link.stamped_issue_type_id,
        )
    )


def _note_success(lease: DrainLease, call: Call | None) -> None:
    row = db.session.get_one(JiraConnection, lease.connection_id, populate_existing=True)
    row.last_sync_at = row.last_success_at = utcnow()
    if row.outage_since is not None:
        row.outage_since = None
        _rearm_after_outage(lease.connection_id)
    if call is not None and call.near_limit:
        row.near_limit_until = utcnow() + timedelta(minutes=1)


def _note_outage(lease: DrainLease) -> None:
    row = db.session.get_one(JiraConnection, lease.connection_id, populate_existing=True)
    row.outage_since = row.outage_since or utcnow()


def _rearm_after_outage(connection_id: int) -> None:
    """The first success after an outage makes due again what gave up because of it."""
    given_up = db.session.scalars(
        select(IssueLink).where(
            IssueLink.connection_id == connection_id,
            IssueLink.active,
            IssueLink.state == LinkState.ERROR,
            IssueLink.failure_code == FailureCode.JIRA_UNAVAILABLE,
        )
    )
    for link in given_up:
        link.state = LinkState.WAITING
        link.tries = 0
        link.due_at = utcnow()
        link.not_before = None
        link.revision += 1
