"""What a push tells about the connection: pauses, outages, the rate limit, stale metadata."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, null, select, update

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError, JiraTurnedAway, JiraUnavailable
from app.jira.types import Call
from app.models import (
    FailureCode,
    IssueLink,
    JiraConnection,
    JiraIssueType,
    LinkState,
    WorkKind,
)
from app.services import back_offs
from app.services.mapping.mappings import Place
from app.services.outbound import owed_statuses
from app.services.owed import reconciliations
from app.services.work.leases import Lease

# Deliveries are not lost in a moment: Jira sends them again itself (jira-platform.md §5.2).
LONG_OUTAGE = timedelta(minutes=1)
# Where Jira answers everything but this one request, it would be sent without a pause.
AFTER_GIVING_UP = timedelta(minutes=1)


def drop_metadata(connection: JiraConnection, screen: Place) -> None:
    """Forget a create screen: Jira has just said that it is another.

    The issue type stays, or the settings would call it gone.
    """
    db.session.execute(
        update(JiraIssueType)
        .where(
            JiraIssueType.connection_id == connection.id,
            JiraIssueType.project_id == screen.project_id,
            JiraIssueType.issue_type_id == screen.issue_type_id,
        )
        .values(fields=null())
    )


def note_success(connection: JiraConnection, answers: Iterable[Call | None]) -> None:
    """Jira did what it was asked to. The caller holds the connection."""
    connection.last_sync_at = utcnow()
    _answered(connection, [call for call in answers if call is not None])


def note_answers(lease: Lease, calls: Iterable[Call]) -> None:
    """Jira answered: an outage is over, and an answer may say that little of the limit is left."""
    _answered(db.session.get_one(JiraConnection, lease.connection_id), calls)


def _answered(row: JiraConnection, calls: Iterable[Call]) -> None:
    row.works[WorkKind.READING].not_before = None
    end_outage(row)
    if any(call.near_limit for call in calls):
        row.near_limit_until = utcnow() + timedelta(minutes=1)


def note_outage(connection: JiraConnection) -> None:
    """Jira did not answer: remember since when, so that somebody looks when it is over."""
    connection.outage_since = connection.outage_since or utcnow()


def note_unread(lease: Lease, error: JiraError) -> None:
    """Issues could not be read: again after as long as it has lasted, 5 minutes at the most."""
    row = db.session.get_one(JiraConnection, lease.connection_id, populate_existing=True)
    now, wait = utcnow(), back_offs.READING_BACK.longest
    if isinstance(error, JiraUnavailable) and not isinstance(error, JiraTurnedAway):
        row.outage_since = row.outage_since or now
        wait = back_offs.READING_BACK.after(now - row.outage_since)
    row.works[WorkKind.READING].not_before = now + max(wait, back_offs.asked_wait(error))


def end_outage(row: JiraConnection) -> None:
    """What gave up because of an outage goes out again; nothing, if there was none."""
    if row.outage_since is None:
        return
    lasted = utcnow() - row.outage_since
    row.outage_since = None
    row.works[WorkKind.GRANT].settle()  # the next outage is looked at as soon as this one was
    if lasted >= LONG_OUTAGE:
        reconciliations.owe_after_gap(row, utcnow())
    owed_statuses.outage_ended(row.id, utcnow())
    for link in db.session.scalars(
        select(IssueLink)
        .where(IssueLink.connection_id == row.id, IssueLink.active, gave_up_in_outage())
        .order_by(IssueLink.id)
    ):
        rearm(link)


def gave_up_in_outage() -> ColumnElement[bool]:
    """What the page says of such a link: it goes out by itself when Jira answers again."""
    unanswered = IssueLink.failure_code == FailureCode.JIRA_UNAVAILABLE
    return and_(IssueLink.state == LinkState.ERROR, unanswered)


def rearm(link: IssueLink) -> None:
    """Make due again what gave up because of an outage. Flushed by the caller."""
    now = utcnow()
    link.state = LinkState.WAITING
    link.tries = 0
    link.due_at = now
    link.not_before = min(link.failed_at or now, now) + AFTER_GIVING_UP
    link.revision += 1
