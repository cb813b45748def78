"""What a read of an issue means for a status that we have sent, or that the issue still owes."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.jira.types import Issue
from app.models import FailureCode, IssueLink, OwedStatus
from app.models.owed_status import NEEDS_SOMEBODY
from app.services.outbound import transition_choice, transition_records
from app.services.outbound.transition_choice import Owed, Result
from app.services.timeouts import longest_request

_LOOKED_AT_AGAIN = NEEDS_SOMEBODY | {FailureCode.MAY_NOT_BROWSE}


def load(links: Mapping[int, IssueLink]) -> None:
    """Read what the links owe, by their ids, at once; held after them, as everywhere."""
    rows = db.session.scalars(
        select(OwedStatus)
        .where(OwedStatus.issue_link_id.in_(links))
        .order_by(OwedStatus.issue_link_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    by_link = {row.issue_link_id: row for row in rows}
    for link in links.values():
        set_committed_value(link, "owed_status", by_link.get(link.id))


def is_echo(link: IssueLink, issue: Issue) -> bool:
    """Whether the status is what a transition of ours has made it: then nobody chose it there."""
    row = link.owed_status
    if row is None:
        return False
    return transition_choice.is_echo(row.own_transitions, issue, longest_request())


def learn(link: IssueLink, issue: Issue, now: datetime) -> bool:
    """Settle what is owed if the issue as read says so; whether it did.

    What needs somebody is looked at again once the issue has changed. `now`: aware UTC.
    """
    row = link.owed_status
    if row is None or row.owed is None or row.since is None or issue.status_category is None:
        return False
    owed = Owed(row.owed, row.since, row.own_transitions, longest_request())
    result = transition_choice.result_of(owed, issue, now)
    if result in {Result.MET, Result.VOID}:
        void = result is Result.VOID
        transition_records.end(link, row, FailureCode.DECIDED_IN_JIRA if void else None)
        return True
    changed = issue.updated != link.jira_updated_at
    if changed and row.due_at is None and row.failure_code in _LOOKED_AT_AGAIN:
        row.tries, row.due_at = 0, now
    return False
