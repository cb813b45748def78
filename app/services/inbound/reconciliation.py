"""A look at every linked issue of a connection, slice by slice, and how far it has come."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, or_, select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CompletedIn,
    IssueLink,
    JiraWork,
    LinkState,
    Reconciliation,
    WorkKind,
)
from app.models.holding import hold
from app.models.issue_status import DONE
from app.services.inbound.pending import Reading, readings_of
from app.services.owed.reconciliations import next_at
from app.services.work.leases import Lease

SLICE = 100
KEPT_ROWS = 50
# After a look at every issue the one at the latest ones begins anew (`recent_looks`).
RECENT_EVERY = timedelta(minutes=15)
AFTER_COMPLETION = timedelta(days=30)


def going_on(lease: Lease, now: datetime) -> Reconciliation | None:
    """The look that is under way, or a new one if one is owed at `now`. None when none is."""
    owed_at = db.session.scalar(
        select(JiraWork.due_at).where(
            JiraWork.connection_id == lease.connection_id, JiraWork.kind == WorkKind.READING
        )
    )
    if owed_at is None:
        return None
    begun = db.session.scalar(
        select(Reconciliation)
        .where(
            Reconciliation.connection_id == lease.connection_id,
            Reconciliation.generation == lease.generation,
            Reconciliation.finished_at.is_(None),
        )
        .order_by(Reconciliation.id.desc())
        .limit(1)
    )
    if begun is None and owed_at <= now:
        _forget_unfinished(lease.connection_id)
        begun = Reconciliation(connection_id=lease.connection_id, generation=lease.generation)
        begun.started_at, begun.last_link_id = now, 0
        begun.looked_at = begun.caught = 0
        db.session.add(begun)
        db.session.flush()
    return begun


def next_slice(lease: Lease, look: Reconciliation) -> list[Reading]:
    """The next 100 links to look at.

    Of open items, of those that Jira completed, and for 30 days of those that were completed here
    while their issue is not done.
    """
    links = db.session.scalars(
        select(IssueLink)
        .join(IssueLink.action_item)
        .where(IssueLink.id > look.last_link_id, *looked_at(lease))
        .order_by(IssueLink.id)
        .limit(SLICE)
    )
    return readings_of(links)


def advance(look_id: int, readings: list[Reading], caught: int) -> None:
    """Note that these links were looked at, and how much of it no delivery had told."""
    look = db.session.get(Reconciliation, look_id, populate_existing=True)
    if look is None:  # disconnected meanwhile: its rows are gone
        return
    look.last_link_id = max(each.link_id for each in readings)
    look.looked_at += len(readings)
    look.caught += caught
    db.session.flush()


def finish(look_id: int, now: datetime) -> None:
    """End a look. What was owed since it began is still owed; else the next comes in an hour."""
    look = db.session.get(Reconciliation, look_id)
    if look is None:
        return
    # Held before the look, as a disconnect does, which deletes it.
    connection = hold(look.connection_id)
    assert connection is not None
    look = db.session.get(Reconciliation, look_id, populate_existing=True)
    if look is None:
        return
    look.finished_at = now
    work = connection.works[WorkKind.READING]
    work.recent_due_at = now + RECENT_EVERY
    if work.due_at is not None and work.due_at <= look.started_at:
        work.due_at = next_at(connection.id, now)
    _prune(connection.id)
    db.session.flush()


def looked_at(lease: Lease) -> list[ColumnElement[bool]]:
    """Which links a look is about, joined with their action items."""
    return [
        IssueLink.connection_id == lease.connection_id,
        IssueLink.cloud_id == lease.cloud_id,
        IssueLink.active.is_(True),
        IssueLink.issue_id.is_not(None),
        or_(IssueLink.unmarked.is_(False), IssueLink.state == LinkState.UNSEEN),
        ~ActionItem.let_go,
        or_(
            ActionItem.completed_at.is_(None),
            ActionItem.completed_in == CompletedIn.JIRA,
            IssueLink.state == LinkState.UNSEEN,
            _not_done_there(utcnow()),
        ),
    ]


def _not_done_there(now: datetime) -> ColumnElement[bool]:
    """Whoever completed it here sees for a while what becomes of the issue."""
    category = IssueLink.seen_status_category
    return and_(
        ActionItem.completed_at >= now - AFTER_COMPLETION,
        or_(category.is_(None), category != DONE),
    )


def _forget_unfinished(connection_id: int) -> None:
    """A look of an older grant was cut off; its numbers would tell of nothing."""
    db.session.execute(
        delete(Reconciliation).where(
            Reconciliation.connection_id == connection_id, Reconciliation.finished_at.is_(None)
        )
    )


def _prune(connection_id: int) -> None:
    kept = (
        select(Reconciliation.id)
        .where(Reconciliation.connection_id == connection_id)
        .order_by(Reconciliation.id.desc())
        .limit(KEPT_ROWS)
    )
    ids = list(db.session.scalars(kept))
    if len(ids) == KEPT_ROWS:
        db.session.execute(
            delete(Reconciliation).where(
                Reconciliation.connection_id == connection_id, Reconciliation.id < ids[-1]
            )
        )
