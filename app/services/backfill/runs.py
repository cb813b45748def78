"""Sync past action items: links are opened in slices, so that it can be stopped and starves nobody.

Lock order: connection, backfill, retrospective, action item, link. The ticker waits for none of
them: what somebody holds follows with the next tick.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    Backfill,
    BackfillState,
    IssueLink,
    JiraConnection,
    LinkState,
    Organization,
    Retrospective,
    StopReason,
    User,
)
from app.models.obstacles import Obstacle, obstacle
from app.services import audit
from app.services.backfill.past_items import Wanted, choice_of, past_items
from app.services.backfill.progress import mapped_teams, progress_of, running_of, unsettled
from app.services.errors import UnpackError
from app.services.grants.asking import require_connection
from app.services.outbound import links

SLICE = 50
# So many action items of a backfill are with the sync engine at once.
MOST_UNSETTLED = 100


class BackfillRunning(UnpackError):
    sentence = "Past action items are being synced already."


class NothingToSync(UnpackError):
    sentence = "Nothing of this choice is left to sync."


class OtherCount(UnpackError):
    """Not what the person was shown: nothing has begun."""

    def __init__(self, count: int) -> None:
        super().__init__("The choice comes to another number now.")
        self.count = count


def start(organization: Organization, user: User, wanted: Wanted, promised: int) -> Backfill:
    """Begin to sync the `promised` number of action items that `wanted` comes to.

    Raises `PlanWithoutJira`, `JiraNotConnected`, `BackfillRunning`, `NothingToSync`, and
    `OtherCount` when it comes to another number; nothing has begun then.
    """
    connection = require_connection(organization, locked=True)
    if running_of(organization) is not None:
        raise BackfillRunning
    choice = choice_of(organization, wanted)
    if not choice.count:
        raise NothingToSync
    if choice.count != promised:
        raise OtherCount(choice.count)
    run = Backfill(
        organization_id=organization.id,
        connection=connection,
        team_ids=[each.team.id for each in choice.chosen if each.count],
        since=wanted.since,
        started_by=user,
        started_at=utcnow(),
        total=choice.count,
    )
    db.session.add(run)
    audit.record(organization, user, "jira.backfill-started", action_items=run.total)
    return run


def stop(run: Backfill, reason: StopReason, user: User | None) -> bool:
    """End `run`: what is in Jira, or on its way there, stays; the rest is as if it never was.

    What is in sync error stays in the sync log. False when it had ended already.
    """
    # A worker that records an answer holds the connection, too, and then its links.
    connection = select(JiraConnection.id).where(JiraConnection.id == run.connection_id)
    db.session.execute(connection.with_for_update(key_share=True))
    db.session.refresh(run, with_for_update={"of": Backfill})
    if run.state is not BackfillState.RUNNING:
        return False
    run.state, run.ended_at = BackfillState.STOPPED, utcnow()
    run.stop_reason, run.stopped_by = reason, user
    db.session.flush()
    _withdraw(run)
    organization, done = run.connection.organization, progress_of(run).done
    audit.record(organization, user, "jira.backfill-stopped", reason=reason.value, created=done)
    return True


def stop_with_connection(connection: JiraConnection, reason: StopReason, user: User | None) -> None:
    """Stop what runs for `connection`, whose row the caller holds, as its site is left."""
    run = running_of(connection.organization)
    if run is not None:
        stop(run, reason, user)


def advance(now: datetime) -> int:
    """Open the next slice of each running backfill, and end those that are through; returns how
    many links were opened. For the ticker; `now` is aware UTC, and several at once do no harm.

    While the plan has no Jira or a reconnect is owed, a backfill waits.
    """
    running = db.session.execute(
        select(Backfill.id, Backfill.connection_id)
        .where(Backfill.state == BackfillState.RUNNING)
        .order_by(Backfill.connection_id)
    ).all()
    return sum(_advance(run_id, connection_id, now) for run_id, connection_id in running)


def _advance(run_id: int, connection_id: int, now: datetime) -> int:
    run = _held(run_id, connection_id)
    if run is None or obstacle(run.connection, now) not in {None, Obstacle.PAUSE}:
        return 0
    teams = mapped_teams(run)
    room = min(SLICE, MOST_UNSETTLED - _unsettled_count(run, teams))
    opened = links.open_for_backfill(_take(run, teams, room), run) if room > 0 else 0
    if not opened and not progress_of(run).left:
        run.state, run.ended_at = BackfillState.FINISHED, now
    db.session.flush()
    return opened


def _held(run_id: int, connection_id: int) -> Backfill | None:
    """The backfill, held with its connection; None while somebody else holds one of them."""
    connection = db.session.scalar(
        select(JiraConnection)
        .where(JiraConnection.id == connection_id)
        .with_for_update(read=True, key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if connection is None:
        return None
    return db.session.scalar(
        select(Backfill)
        .where(Backfill.id == run_id, Backfill.state == BackfillState.RUNNING)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _unsettled_count(run: Backfill, team_ids: Collection[int]) -> int:
    """Links whose team has lost its project wait for long: they hold up nobody else's."""
    counted = (
        select(func.count(IssueLink.id))
        .join(IssueLink.action_item)
        .join(ActionItem.retrospective)
        .where(IssueLink.backfill_id == run.id, unsettled(), Retrospective.team_id.in_(team_ids))
    )
    return db.session.scalar(counted) or 0


def _take(run: Backfill, team_ids: Collection[int], most: int) -> Sequence[ActionItem]:
    """At most `most` action items that nobody else holds, held, and still without a link."""
    found = past_items(
        run.organization_id,
        team_ids=team_ids,
        since=run.since,
        open_before=run.started_at,
    ).order_by(ActionItem.id)
    held = _hold_rows(found.limit(most))
    # Asked again: whoever held a row until just now may have linked or completed its item.
    still = found.where(ActionItem.id.in_(held)).execution_options(populate_existing=True)
    return db.session.scalars(still).all() if held else []


def _hold_rows(items: Select[Any]) -> list[int]:
    """Hold the retrospectives, as entering Commit does, then the items, as Sync to Jira does."""
    wanted = db.session.execute(
        items.with_only_columns(ActionItem.id, ActionItem.retrospective_id)
    ).all()
    retrospectives = db.session.scalars(
        select(Retrospective.id)
        .where(Retrospective.id.in_({row.retrospective_id for row in wanted}))
        .order_by(Retrospective.id)
        .with_for_update(key_share=True, skip_locked=True)
    ).all()
    held = (
        select(ActionItem.id)
        .where(ActionItem.id.in_([row.id for row in wanted]))
        .where(ActionItem.retrospective_id.in_(retrospectives))
        .order_by(ActionItem.id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(db.session.scalars(held))


def _withdraw(run: Backfill) -> None:
    """Close what has not left. A stamped create has, or may have: it is seen to its end."""
    ids = db.session.scalars(
        select(IssueLink.id)
        .where(
            IssueLink.backfill_id == run.id,
            IssueLink.active,
            IssueLink.issue_id.is_(None),
            IssueLink.stamped_at.is_(None),
            IssueLink.state != LinkState.ERROR,
        )
        .order_by(IssueLink.id)
        .with_for_update()
    ).all()
    db.session.execute(
        update(IssueLink)
        .where(IssueLink.id.in_(ids))
        .values(
            active=False,
            withdrawn=True,
            closed_at=utcnow(),
            due_at=None,
            due_since=None,
            revision=IssueLink.revision + 1,
        )
    )
