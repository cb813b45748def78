"""A look at the issues of the latest retrospectives, each quarter of an hour: what a team decided
just now is what it talks about.

It is one request of a hundred issues at most, the newest, and the first thing to be left out when
points are short: the look at every issue comes within the hour anyway.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from app.extensions import db
from app.jira import points
from app.models import (
    ActionItem,
    CarryOver,
    IssueLink,
    JiraConnection,
    JiraWork,
    LinkState,
    Retrospective,
    Spending,
    WorkKind,
)
from app.services.inbound import reconciliation
from app.services.inbound.pending import Reading, readings_of
from app.services.points import pool
from app.services.points.counted import Asker
from app.services.work.leases import Lease

RECENT = timedelta(days=14)
MOST = 100
_ABSENT = (LinkState.DELETED, LinkState.UNSEEN)


def next_look(lease: Lease, now: datetime) -> list[Reading]:
    """Which issues are to be read at `now` (aware UTC), if it is time; the next look is noted.

    Nothing where there are no points for it. The caller commits.
    """
    if not _take_turn(lease.connection_id, now):
        return []
    links = db.session.scalars(
        select(IssueLink)
        .join(IssueLink.action_item)
        .where(
            *reconciliation.looked_at(lease),
            IssueLink.state.not_in(_ABSENT),
            _is_recent(lease.connection_id, now - RECENT),
        )
        .order_by(IssueLink.id.desc())
        .limit(MOST)
    )
    readings = readings_of(links)
    cost = points.of_reads(len(readings))
    asker = Asker(lease.connection_id, lease.cloud_id)
    affordable = readings and pool.affordable(asker, Spending.RECENT_READS, [cost])
    return readings if affordable else []


def _take_turn(connection_id: int, now: datetime) -> bool:
    """Whether it is time; of several who ask, one is told so."""
    later = now + reconciliation.RECENT_EVERY
    turn = update(JiraWork).where(
        JiraWork.connection_id == connection_id,
        JiraWork.kind == WorkKind.READING,
        JiraWork.due_at.is_not(None),
        JiraWork.recent_due_at <= now,
    )
    taken = turn.values(recent_due_at=later).returning(JiraWork.connection_id)
    return db.session.execute(taken).one_or_none() is not None


def _is_recent(connection_id: int, since: datetime) -> ColumnElement[bool]:
    """Whether an action item is listed in a retrospective that was committed since then."""
    organization = select(JiraConnection.organization_id).where(JiraConnection.id == connection_id)
    committed = select(Retrospective.id).where(
        Retrospective.organization_id == organization.scalar_subquery(),
        Retrospective.committed_at >= since,
    )
    carried = select(CarryOver.action_item_id).where(CarryOver.retrospective_id.in_(committed))
    return or_(ActionItem.retrospective_id.in_(committed), ActionItem.id.in_(carried))
