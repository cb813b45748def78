"""What a push tells about the connection: pauses, outages, the rate limit, stale metadata."""

from datetime import timedelta

from sqlalchemy import delete, select

from app.extensions import db
from app.jira.types import Call
from app.models import (
    FailureCode,
    Installation,
    IssueLink,
    JiraConnection,
    JiraIssueType,
    LinkState,
    utcnow,
)
from app.services.sync.deciding import Pause, PauseScope
from app.services.sync.leases import DrainLease


def pause_for(lease: DrainLease, link: IssueLink, pause: Pause) -> None:
    """What Jira asked: the link alone waits, or its connection, or the whole installation."""
    if pause.scope is PauseScope.LINK:
        link.not_before = pause.until
    else:
        pause_all(lease.connection_id, pause)


def pause_all(connection_id: int, pause: Pause) -> None:
    """A pause only ever grows: a shorter one that arrives later does not lift it."""
    row: JiraConnection | Installation
    if pause.scope is PauseScope.INSTALLATION:
        row = db.session.get(Installation, 1, populate_existing=True) or Installation(id=1)
        db.session.add(row)
    else:
        row = db.session.get_one(JiraConnection, connection_id, populate_existing=True)
    row.paused_until = max(row.paused_until or pause.until, pause.until)


def drop_metadata(link: IssueLink) -> None:
    """Forget the screen that the link was created with: Jira has just said that it is another."""
    db.session.execute(
        delete(JiraIssueType).where(
            JiraIssueType.connection_id == link.connection_id,
            JiraIssueType.project_id == link.stamped_project_id,
            JiraIssueType.issue_type_id == link.stamped_issue_type_id,
        )
    )


def note_success(lease: DrainLease, call: Call | None) -> None:
    """Jira answered: an outage is over, and the answer may say that little of the limit is left."""
    row = db.session.get_one(JiraConnection, lease.connection_id, populate_existing=True)
    row.last_sync_at = row.last_success_at = utcnow()
    if row.outage_since is not None:
        row.outage_since = None
        _rearm_after_outage(lease.connection_id)
    if call is not None and call.near_limit:
        row.near_limit_until = utcnow() + timedelta(minutes=1)


def note_outage(lease: DrainLease) -> None:
    """Jira did not answer: remember since when."""
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
