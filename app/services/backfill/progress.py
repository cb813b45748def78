"""How far a backfill is: its figures come from its links, and stay true after it has ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select

from app.extensions import db
from app.models import (
    ActionItem,
    Backfill,
    BackfillState,
    IssueLink,
    LinkState,
    Organization,
    Team,
)
from app.services.backfill.past_items import past_items
from app.services.mapping.mappings import mappings_for

SHOWN = 5
_MOVING = [state for state in LinkState if state.moving]


@dataclass(frozen=True)
class Progress:
    """A backfill in numbers of action items.

    teams: the names of those that were chosen. done: have an issue. failed: in sync error.
    under_way: handed to the sync engine. ahead: still to be handed over. without_project: teams
    that lost their project meanwhile; theirs wait.
    """

    run: Backfill
    teams: Sequence[str]
    done: int
    failed: int
    under_way: int
    ahead: int = 0
    without_project: Sequence[str] = ()

    @property
    def running(self) -> bool:
        return self.run.state is BackfillState.RUNNING

    @property
    def moving(self) -> bool:
        """Whether the numbers change by themselves: a stopped one finishes what is in flight."""
        return self.running or bool(self.under_way and self.run.connection.connected)

    @property
    def left(self) -> int:
        return self.under_way + self.ahead

    @property
    def other(self) -> int:
        """Promised, and not of this backfill any more: synced by hand, completed, deleted; of a
        stopped one also what was never sent."""
        return max(self.run.total - self.done - self.failed - self.left, 0)

    @property
    def total(self) -> int:
        return self.done + self.failed + self.left + self.other

    @property
    def shown(self) -> tuple[object, ...]:
        """Changes with whatever a page says of it."""
        numbers = (self.done, self.failed, self.left, self.other)
        return (self.run.id, self.run.state, numbers, tuple(self.without_project))


def running_of(organization: Organization) -> Backfill | None:
    """The backfill that is under way, if any is."""
    return db.session.scalar(
        select(Backfill).where(
            Backfill.organization_id == organization.id, Backfill.state == BackfillState.RUNNING
        )
    )


def runs_of(organization: Organization) -> list[Progress]:
    """The latest backfills, newest first; one that is under way is the first."""
    runs = db.session.scalars(
        select(Backfill)
        .where(Backfill.organization_id == organization.id)
        .order_by(Backfill.id.desc())
        .limit(SHOWN)
    )
    return [progress_of(run) for run in runs]


def progress_of(run: Backfill) -> Progress:
    """Count where the action items of `run` are."""
    done, failed, under_way = db.session.execute(
        select(
            _sum(IssueLink.issue_id.is_not(None)),
            _sum(and_(*_open(), IssueLink.state == LinkState.ERROR)),
            _sum(unsettled()),
        )
        .select_from(IssueLink)
        .join(IssueLink.action_item)
        .where(IssueLink.backfill_id == run.id)
    ).one()
    teams = _teams_of(run)
    names = [team.name for team in teams]
    if run.state is not BackfillState.RUNNING:
        return Progress(run, names, done, failed, under_way)
    mapped = mapped_teams(run)
    unmapped = [team.name for team in teams if team.id not in mapped]
    return Progress(run, names, done, failed, under_way, _ahead(run), unmapped)


def unsettled() -> ColumnElement[bool]:
    """Whether a backfill's link, joined with its action item, has yet to become an issue."""
    return and_(*_open(), IssueLink.state.in_(_MOVING), IssueLink.due_at.is_not(None))


def mapped_teams(run: Backfill) -> set[int]:
    """The ids of the chosen teams that have a project now."""
    return set(mappings_for(run.connection.organization, _teams_of(run)))


def _teams_of(run: Backfill) -> Sequence[Team]:
    chosen = select(Team).where(
        Team.id.in_(run.team_ids), Team.organization_id == run.organization_id
    )
    return db.session.scalars(chosen.order_by(Team.name)).all()


def _ahead(run: Backfill) -> int:
    waiting = past_items(
        run.organization_id,
        team_ids=run.team_ids,
        since=run.since,
        open_before=run.started_at,
    )
    return db.session.scalar(waiting.with_only_columns(func.count(ActionItem.id))) or 0


def _open() -> tuple[ColumnElement[bool], ...]:
    return (
        IssueLink.active.is_(True),
        IssueLink.issue_id.is_(None),
        ~ActionItem.let_go,
    )


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
