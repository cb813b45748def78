"""Which issue links are due, for the drain that pushes them and the ticker that rings for them.

Whoever pushes one has claimed it, under the lease of its connection: what another lease has claimed
was left by a drain that died.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import joinedload

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    Finishing,
    IssueLink,
    JiraConnection,
    JiraSettings,
    Retrospective,
    Team,
)
from app.models.obstacles import installation_goes_on, may_change
from app.models.points import Spending, may_spend
from app.models.prepared import prepared
from app.services.work.leases import Lease

# One round: so many plans are held in memory, and looked at again after it (design.md §2.1).
MOST_LINKS = 500
# One request reads so many, and one for each is written.
MOST_UNMARKED = 50

Selected = Select[Any]


def due_links(selected: Selected, now: datetime) -> Selected:
    """Narrow a SELECT over IssueLink to links that may be worked on at `now` (aware UTC)."""
    return (
        selected.join(IssueLink.action_item)
        .join(IssueLink.connection)
        .join(JiraConnection.organization)
        .where(_due(now), _sendable(now), _on_the_connected_site())
        .where(_item_wants_it(), team_wants_it(), _nobody_creates_it(now))
    )


def of_next_round(lease: Lease) -> list[IssueLink]:
    """The due links of the lease's connection that come first; none if Jira may not be asked.

    Creates first: whoever commits is waiting for keys; an update can come a little later, and a
    backfill last of all.
    """
    due = _to_send(lease.connection_id, lease.generation, utcnow())
    return _people_first(db.session.scalars(*due).all())


@prepared
def _to_send(connection_id: int, generation: int, now: datetime) -> Selected:
    due = _free_of(connection_id, generation, now).where(IssueLink.unmarked.is_(False))
    in_order = due.order_by(
        _of_backfill(),
        IssueLink.issue_id.is_not(None),
        IssueLink.due_at,
        IssueLink.id,
    )
    of_item = joinedload(IssueLink.action_item, innerjoin=True)
    return with_team(in_order.limit(MOST_LINKS)).options(of_item.joinedload(ActionItem.assignee))


def hold(links: Sequence[IssueLink]) -> None:
    """Lock them by ascending id, whatever the order in which they are written then."""
    ids = [link.id for link in links]
    locked = select(IssueLink.id).where(IssueLink.id.in_(ids)).order_by(IssueLink.id)
    db.session.scalars(locked.with_for_update(key_share=True)).all()


def among_few(connection_id: int) -> ColumnElement[bool]:
    """That a link is of the connection, beside a condition that an index of few rows answers.

    SQLite would rather go through every link of the connection, most of which are settled; it uses
    no index for what is calculated.
    """
    return IssueLink.connection_id + 0 == connection_id


def with_team(selected: Select[IssueLink]) -> Select[IssueLink]:
    """Read each link's action item, retrospective and team along with it."""
    of_item = joinedload(IssueLink.action_item, innerjoin=True)
    of_retrospective = of_item.joinedload(ActionItem.retrospective, innerjoin=True)
    return selected.options(of_retrospective.joinedload(Retrospective.team, innerjoin=True))


def with_names(selected: Select[IssueLink]) -> Select[IssueLink]:
    """Read along what a line of the sync log says of each link's action item, and nothing else."""
    of_item = joinedload(IssueLink.action_item, innerjoin=True)
    of_retrospective = of_item.joinedload(ActionItem.retrospective, innerjoin=True)
    of_team = of_retrospective.joinedload(Retrospective.team, innerjoin=True)
    return selected.options(
        of_item.load_only(
            ActionItem.title,
            ActionItem.deleted_at,
            ActionItem.dropped_at,
            ActionItem.retrospective_id,
        ),
        of_retrospective.load_only(Retrospective.team_id),
        of_team.load_only(Team.organization_id),
    )


def of_unmarked(lease: Lease) -> Sequence[IssueLink]:
    """The due links whose issue is to say first whose it is; nothing else of them is sent."""
    return db.session.scalars(*_to_mark(lease.connection_id, lease.generation, utcnow())).all()


@prepared
def _to_mark(connection_id: int, generation: int, now: datetime) -> Selected:
    due = _free_of(connection_id, generation, now).where(IssueLink.unmarked.is_(True))
    return due.order_by(IssueLink.id).limit(MOST_UNMARKED)


def _free_of(connection_id: int, generation: int, now: datetime) -> Selected:
    """What is due of a lease's connection and claimed by nobody, if Jira may be changed."""
    return due_links(select(IssueLink), now).where(
        IssueLink.connection_id == connection_id,
        IssueLink.claim_id.is_(None),
        JiraConnection.generation == generation,
        installation_goes_on(now),
    )


def claimed_by(lease: Lease) -> Sequence[IssueLink]:
    """What the lease's drain has claimed and not given back, held."""
    return db.session.scalars(*_claimed(lease.id, lease.connection_id)).all()


def claimed_by_others(lease: Lease) -> Sequence[IssueLink]:
    """What drains before the lease's have claimed of its connection, held."""
    return db.session.scalars(*_claimed_by_others(lease.id, lease.connection_id)).all()


@prepared
def _claimed(lease_id: str, connection_id: int) -> Select[IssueLink]:
    """By an index that has the connection: else every link of the installation is looked at."""
    mine = IssueLink.connection_id == connection_id
    return held_with_names(mine, IssueLink.claim_id == lease_id)


@prepared
def _claimed_by_others(lease_id: str, connection_id: int) -> Select[IssueLink]:
    return held_with_names(
        IssueLink.connection_id == connection_id,
        IssueLink.claim_id.is_not(None),
        IssueLink.claim_id != lease_id,
    )


def held_with_names(*conditions: ColumnElement[bool]) -> Select[IssueLink]:
    """Links with their names, by ascending id, read anew and locked: as strong as an update needs;
    what refers to a link may be added meanwhile."""
    return (
        with_names(select(IssueLink))
        .where(*conditions)
        .order_by(IssueLink.id)
        .with_for_update(of=IssueLink, key_share=True)
        .execution_options(populate_existing=True)
    )


def _people_first(rows: Sequence[IssueLink]) -> list[IssueLink]:
    """What people wait for goes in a round of its own: a bulk beside a backfill takes longer."""
    awaited = [link for link in rows if link.created or link.backfill_id is None]
    return awaited or list(rows)


def _of_backfill() -> ColumnElement[bool]:
    return and_(IssueLink.issue_id.is_(None), IssueLink.backfill_id.is_not(None))


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        IssueLink.active,
        IssueLink.due_at <= now,
        or_(IssueLink.not_before.is_(None), IssueLink.not_before <= now),
    )


def _sendable(now: datetime) -> ColumnElement[bool]:
    return and_(*may_change(now), _creates_or_not_near_limit(now), _may_spend(now))


def _may_spend(now: datetime) -> ColumnElement[bool]:
    """Whether it is given points now: creates that somebody waits for first (design.md §4.1)."""
    for_updates = and_(IssueLink.issue_id.is_not(None), may_spend(Spending.UPDATES, now))
    later = or_(_is_awaited_create(), for_updates, may_spend(Spending.BACKFILL, now))
    return and_(may_spend(Spending.CREATES, now), later)


def _creates_or_not_near_limit(now: datetime) -> ColumnElement[bool]:
    """While little of the rate limit is left, creates go first and updates wait.

    Source: jira-platform.md §4.
    """
    until = JiraConnection.near_limit_until
    return or_(_is_awaited_create(), until.is_(None), until <= now)


def _is_awaited_create() -> ColumnElement[bool]:
    """A create that somebody waits for; one of a backfill only once it may have left."""
    awaited = or_(IssueLink.backfill_id.is_(None), IssueLink.stamped_at.is_not(None))
    return and_(IssueLink.issue_id.is_(None), awaited)


def _on_the_connected_site() -> ColumnElement[bool]:
    """Links of a site that is not connected wait: their keys stay, nothing is sent for them."""
    new = and_(IssueLink.issue_id.is_(None), IssueLink.stamped_at.is_(None))
    stamped = and_(
        IssueLink.issue_id.is_(None), IssueLink.stamped_cloud_id == JiraConnection.cloud_id
    )
    return or_(new, stamped, IssueLink.cloud_id == JiraConnection.cloud_id)


def _item_wants_it() -> ColumnElement[bool]:
    """A deleted item is left alone, except that an unknown create of it is still looked up."""
    return or_(~ActionItem.let_go, IssueLink.stamped_at.is_not(None))


def team_wants_it() -> ColumnElement[bool]:
    """What is due of a team that does not sync waits, but for the same exception."""
    left_out = exists().where(
        Retrospective.id == ActionItem.retrospective_id,
        Team.id == Retrospective.team_id,
        Team.do_not_sync,
        JiraSettings.organization_id == Team.organization_id,
        JiraSettings.per_team_overrides,
    )
    return or_(~left_out.correlate(ActionItem), IssueLink.stamped_at.is_not(None))


def _nobody_creates_it(now: datetime) -> ColumnElement[bool]:
    """While somebody creates the issue in Jira themselves, nothing is created beside them.

    What may have left is looked up all the same.
    """
    finished = exists().where(
        Finishing.action_item_id == IssueLink.action_item_id, Finishing.until > now
    )
    return or_(IssueLink.issue_id.is_not(None), IssueLink.stamped_at.is_not(None), ~finished)
