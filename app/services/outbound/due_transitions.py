"""Which issues' owed statuses a drain may see to now, as frozen values.

What the fields owe goes first: as long as a link is due, its issue keeps its status.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    IssueLink,
    JiraConnection,
    LinkState,
    OwedCategory,
    OwedStatus,
    Retrospective,
)
from app.models.obstacles import may_change
from app.models.owed_status import OwnTransition
from app.models.points import Spending, may_spend
from app.models.prepared import prepared
from app.services.mapping.mappings import mappings_for
from app.services.outbound.owed_statuses import ChosenStatus, chosen_status
from app.services.work.due_links import among_few, team_wants_it
from app.services.work.leases import Lease

# So many in one round: each is a request or two, one after the other.
MOST = 20


@dataclass(frozen=True)
class DueTransition:
    """An owed status as it was when the round began.

    chosen: None once nobody wants such issues moved any more.
    """

    link_id: int
    issue_id: str
    owed: OwedCategory
    since: datetime
    tries: int
    own: Sequence[OwnTransition]
    chosen: ChosenStatus | None


def due_transitions(selected: Select[Any], now: datetime) -> Select[Any]:
    """Narrow a SELECT over IssueLink to those whose owed status may be seen to at `now`.

    `now`: aware UTC.
    """
    return (
        selected.join(OwedStatus, OwedStatus.issue_link_id == IssueLink.id)
        .join(IssueLink.action_item)
        .join(IssueLink.connection)
        .join(JiraConnection.organization)
        .where(_due(now), issue_is_there(now, Spending.STATUSES), *may_change(now))
    )


def of_next_round(lease: Lease) -> list[DueTransition]:
    """Those of the lease's connection that come first."""
    rows = db.session.scalars(*_due_of(lease.connection_id, utcnow())).all()
    if not rows:
        return []
    teams = {row.link.action_item.retrospective.team for row in rows}
    organization = rows[0].link.action_item.retrospective.team.organization
    mappings = mappings_for(organization, list(teams))
    return [
        _value(row, chosen_status(mappings.get(_team_id(row)), row.owed))
        for row in rows
        if row.owed is not None
    ]


@prepared
def _due_of(connection_id: int, now: datetime) -> Select[Any]:
    of_item = joinedload(OwedStatus.link).joinedload(IssueLink.action_item)
    return (
        due_transitions(select(OwedStatus).select_from(IssueLink), now)
        .where(among_few(connection_id))
        .order_by(OwedStatus.due_at, OwedStatus.issue_link_id)
        .limit(MOST)
        .options(of_item.joinedload(ActionItem.retrospective).joinedload(Retrospective.team))
    )


def _team_id(row: OwedStatus) -> int:
    return row.link.action_item.retrospective.team_id


def _value(row: OwedStatus, chosen: ChosenStatus | None) -> DueTransition:
    assert row.owed is not None
    assert row.since is not None
    assert row.link.issue_id is not None
    return DueTransition(
        link_id=row.issue_link_id,
        issue_id=row.link.issue_id,
        owed=row.owed,
        since=row.since,
        tries=row.tries,
        own=row.own_transitions,
        chosen=chosen,
    )


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(OwedStatus.due_at <= now, OwedStatus.owed.is_not(None))


def issue_is_there(now: datetime, spending: Spending) -> ColumnElement[bool]:
    """That an issue is there, on the connected site, and holds what its fields owe; and that there
    are points to spend on it. Of an IssueLink, joined with its action item and connection."""
    near = JiraConnection.near_limit_until
    return and_(
        IssueLink.active,
        IssueLink.issue_id.is_not(None),
        IssueLink.due_at.is_(None),
        IssueLink.claim_id.is_(None),
        IssueLink.unmarked.is_(False),
        IssueLink.cloud_id == JiraConnection.cloud_id,
        IssueLink.state.not_in([LinkState.DELETED, LinkState.UNSEEN]),
        ~ActionItem.let_go,
        team_wants_it(),
        or_(near.is_(None), near <= now),
        may_spend(spending, now),
    )
