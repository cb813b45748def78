"""One request to Jira for a batch of plans. Runs in a thread and never touches the database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.clock import utcnow
from app.jira.client import JiraClient, recorded_calls
from app.jira.errors import JiraError, JiraUnavailable
from app.jira.types import BulkOutcome, Call, CreatedIssue, Issue, IssueDraft
from app.services.fields.table import ASSIGNEE, BY_ID
from app.services.outbound.plan import PROPERTY, Plan, link_of
from app.services.outbound.seen_statuses import STATUS
from app.services.outbound.snapshots import SENT, seen_after_writing
from app.services.points import counted
from app.services.transactions import refuse_open_transaction

# Of many creates at once, without a word on any of them (jira-platform.md §2.5).
REFUSED_AS_A_WHOLE = {400, 413}

_leave_by: ContextVar[datetime | None] = ContextVar("leave_by", default=None)


class TooLate(Exception):
    """The right to send was over before the request left."""


def before_request() -> None:
    """The last look, in the thread that sends: a process may be frozen at any moment.

    Raises `TooLate`, and `TransactionOpen` as for every request.
    """
    refuse_open_transaction()
    leave_by = _leave_by.get()
    if leave_by is not None and utcnow() > leave_by:
        raise TooLate


@contextmanager
def leaving_by(moment: datetime) -> Iterator[None]:
    """Whatever is asked meanwhile leaves by then (aware UTC), or not at all: `TooLate`."""
    token = _leave_by.set(moment)
    try:
        yield
    finally:
        _leave_by.reset(token)


@dataclass(frozen=True)
class Sent:
    """What became of one plan: the issue as Jira names it (an edit may not say), or an error.

    seen: what was seen of the fields right after they were written, as a snapshot keeps it.
    issue_read: the issue as Jira then showed it.
    whole: the request was refused as a whole, which is no verdict on any of its plans.
    """

    plan: Plan
    issue: CreatedIssue | None = None
    seen: Mapping[str, Any] = field(default_factory=dict)
    error: JiraError | None = None
    issue_read: Issue | None = None
    whole: bool = False
    call: Call | None = None


@dataclass(frozen=True)
class Untied:
    """A bulk that was answered: of the issues in it nobody has read yet whose each is."""

    batch: Sequence[Plan]
    outcome: BulkOutcome
    call: Call | None = None


def send(client: JiraClient, batch: Sequence[Plan], leave_by: datetime) -> list[Sent] | Untied:
    """Send a single create, a single update, or several creates at once, which `tie` goes on with.

    What cannot leave by `leave_by` (aware UTC) does not, and then nothing is known of the batch:
    []. The client's `before_request` is the one above.
    """
    try:
        with leaving_by(leave_by), recorded_calls() as calls, counted.prepaid():
            many = len(batch) > 1
            sent = _create_many(client, batch) if many else [_send_one(client, batch[0])]
    except TooLate:
        return []
    call = calls[0] if calls else None
    if isinstance(sent, Untied):
        return replace(sent, call=call)
    return [replace(each, call=call) for each in sent]


def tie(client: JiraClient, bulk: Untied) -> list[Sent]:
    """What became of each plan of a bulk. A read, which does no harm however late it leaves.

    An issue that it does not show is one of unknown outcome.
    """
    with counted.prepaid():
        tied = _tied(client, bulk.outcome) if bulk.outcome.created else {}
    return [
        _created(plan, bulk.outcome.errors.get(at), tied, bulk.call)
        for at, plan in enumerate(bulk.batch)
    ]


def _send_one(client: JiraClient, plan: Plan) -> Sent:
    try:
        if plan.draft is not None:
            return Sent(plan, client.create_issue(plan.draft))
        assert plan.claim.issue_id is not None
        assert plan.fields is not None
        edited = client.edit_issue(plan.claim.issue_id, plan.fields)
    except JiraError as error:
        return Sent(plan, error=error)
    if edited is None:
        return Sent(plan)
    return Sent(
        plan,
        CreatedIssue(edited.id, edited.key),
        seen_after(plan, edited),
        issue_read=edited,
    )


def seen_after(plan: Plan, issue: Issue) -> dict[str, Any]:
    """What is seen of the fields that a plan has written, in the issue as read right afterwards.

    And whom Jira has assigned by itself to a new issue, where nobody was named to it.
    """
    seen: dict[str, Any] = {}
    if plan.creates and ASSIGNEE.id not in plan.sent and ASSIGNEE.id in issue.fields:
        seen[ASSIGNEE.id] = issue.assignee_id
    ours = plan.snapshot.get(SENT, {})
    for name, sent in plan.sent.items():
        if name in BY_ID:
            seen |= seen_after_writing(BY_ID[name], sent, issue, ours.get(name))
    return seen


def _create_many(client: JiraClient, batch: Sequence[Plan]) -> list[Sent] | Untied:
    try:
        outcome = client.create_issues([_draft(plan) for plan in batch])
    except JiraError as error:
        whole = error.status in REFUSED_AS_A_WHOLE and not error.outcome_unknown
        return [Sent(plan, error=error, whole=whole) for plan in batch]
    return Untied(batch, outcome)


def _created(
    plan: Plan, error: JiraError | None, tied: dict[str, Issue], call: Call | None
) -> Sent:
    if error is not None:
        return Sent(plan, error=error, call=call)
    issue = tied.get(plan.claim.link_public_id)
    if issue is None:
        lost = JiraUnavailable("create_issues", outcome_unknown=True)
        return Sent(plan, error=lost, call=call)
    seen = seen_after(plan, issue)
    return Sent(plan, CreatedIssue(issue.id, issue.key), seen, issue_read=issue, call=call)


def _tied(client: JiraClient, outcome: BulkOutcome) -> dict[str, Issue]:
    """Read our property back: Jira does not promise the order of a bulk answer (design.md §2)."""
    try:
        ids = [each.id for each in outcome.created]
        issues = client.bulk_fetch(ids, fields=(*BY_ID, *STATUS), properties=[PROPERTY])
    except JiraError:
        return {}
    named = [(link_of(issue.properties), issue) for issue in issues]
    return {link: issue for link, issue in named if link}


def _draft(plan: Plan) -> IssueDraft:
    assert plan.draft is not None
    return plan.draft
