"""What was counted in the last 28 days, and what of it was missed."""

from collections.abc import MutableMapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select

from app import clock
from app.extensions import db
from app.models import (
    ActionItem,
    EntryState,
    IssueLink,
    Level,
    Operation,
    Retrospective,
    ServiceLevelHour,
    SyncEntry,
    Team,
)
from app.operations.levels.lapses import seconds_between
from app.operations.levels.promises import HOUR, PROMISES, WINDOW, Counted

WITHIN = PROMISES[Level.COMMITS].within
LONGEST_TRANSACTION = 60.0  # seconds between entering Commit and the links that it opened
BUDGET = 1.0  # seconds for days that were not counted before; the rest is for the next time

Days = MutableMapping[date, Counted]


def of_organization(organization_id: int, now: datetime) -> dict[Level, Counted]:
    """Of one organization, whose commits of 28 days are few: read as they are. `now`: aware UTC."""
    teams = select(Team.id).where(Team.organization_id == organization_id)
    own = Retrospective.team_id.in_(teams)
    return {
        Level.COMMITS: _commits(now - WINDOW, _judged_until(now), now - HOUR, own),
        Level.DELIVERIES: _hours(now, ServiceLevelHour.organization_id == organization_id),
    }


def of_installation(
    now: datetime, days: Days, budget: float | None = BUDGET
) -> dict[Level, Counted]:
    """Of all organizations together, for whole days and today. `now` is aware UTC.

    days: where the days that are over are kept, so that each is counted once. `budget`: the seconds
    for counting those that were not; until all are, which may take several calls, commits are left
    out. None: as long as it takes.
    """
    found = {Level.DELIVERIES: _hours(now, ServiceLevelHour.organization_id.is_(None))}
    today = now.astimezone(UTC).date()
    dates = [today - timedelta(days=ago) for ago in range(1, WINDOW.days)]
    _count_days(days, dates, budget)
    if all(each in days for each in dates):
        live = _commits(_midnight(today), _judged_until(now), now - HOUR)
        found[Level.COMMITS] = sum((days[each] for each in dates), live)
    return found


def _judged_until(now: datetime) -> datetime:
    """What is younger may still be kept."""
    return now - timedelta(seconds=WITHIN)


def _count_days(days: Days, dates: list[date], budget: float | None) -> None:
    """The newest first."""
    for old in set(days).difference(dates):
        days.pop(old, None)
    until = None if budget is None else clock.monotonic() + budget
    for each in dates:
        if each not in days and (until is None or clock.monotonic() < until):
            begin = _midnight(each)
            whole = _commits(begin, begin + timedelta(days=1), begin + timedelta(days=1))
            days[each] = Counted(whole.counted, whole.missed)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _commits(begin: datetime, end: datetime, hour: datetime, *of: ColumnElement[bool]) -> Counted:
    """Those from `begin` until before `end`, of which those since `hour` are told apart."""
    commits = _judged_commits(begin, end, *of).subquery()
    counted, missed, in_hour = db.session.execute(
        select(
            func.count(),
            _sum(commits.c.missed),
            _sum(case((commits.c.committed_at >= hour, commits.c.missed), else_=0)),
        ).select_from(commits)
    ).one()
    return Counted(counted, missed, in_hour)


def _judged_commits(
    begin: datetime, end: datetime, *of: ColumnElement[bool]
) -> Select[datetime | None, Any]:
    """A row for each commit that asked for an issue: when it was, and 1 if it missed the level."""
    committed_at = Retrospective.committed_at
    opened_by_it = (
        IssueLink.backfill_id.is_(None)
        & (ActionItem.created_at <= committed_at)
        & (seconds_between(committed_at, IssueLink.created_at) <= LONGEST_TRANSACTION)
    )
    deleted = func.coalesce(seconds_between(committed_at, ActionItem.deleted_at) <= WITHIN, False)
    there = exists().where(
        SyncEntry.issue_link_id == IssueLink.id,
        SyncEntry.operation == Operation.CREATE,
        SyncEntry.state == EntryState.SYNCED,
        seconds_between(committed_at, SyncEntry.updated_at) <= WITHIN,
    )
    return (
        select(
            committed_at.label("committed_at"), func.max(case((there, 0), else_=1)).label("missed")
        )
        .select_from(Retrospective)
        .join(ActionItem, ActionItem.retrospective_id == Retrospective.id)
        .join(IssueLink, (IssueLink.action_item_id == ActionItem.id) & opened_by_it)
        .where(committed_at >= begin, committed_at < end, ~deleted, *of)
        .group_by(Retrospective.id, committed_at)
    )


def _hours(now: datetime, own: ColumnElement[bool]) -> Counted:
    """By the clock: of this hour and the one before it, the worse one counts as the last."""
    this, row = now.replace(minute=0, second=0, microsecond=0), ServiceLevelHour
    counted, missed, *in_hours = db.session.execute(
        select(
            _sum(row.counted),
            _sum(row.missed),
            _sum(case((row.hour == this, row.missed), else_=0)),
            _sum(case((row.hour == this - HOUR, row.missed), else_=0)),
        ).where(own, row.level == Level.DELIVERIES, row.hour > this - WINDOW, row.hour <= now)
    ).one()
    return Counted(counted, missed, max(in_hours))


def _sum(of: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(of), 0)
