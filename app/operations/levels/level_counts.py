"""What was counted in the last 28 days, and what of it was missed."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Label,
    Select,
    String,
    case,
    exists,
    func,
    literal,
    select,
    true,
    union_all,
)  # fmt: skip

from app import clock
from app.extensions import db
from app.models import (
    ActionItem,
    CarryOver,
    EntryState,
    IssueLink,
    Level,
    Operation,
    Retrospective,
    ServiceLevelHour,
    SyncEntry,
    written,
)
from app.operations.levels.lapses import seconds_between
from app.operations.levels.promises import HOUR, PROMISES, WINDOW, Counted

WITHIN = PROMISES[Level.COMMITS].within
LONGEST_TRANSACTION = 60.0  # seconds between entering Commit and the links that it opened
# Of an organization's 28 days so many are counted at most, the latest: then a page costs the same
# however much goes on. A commit is read with each of its items.
LATEST = {Level.COMMITS: 100, Level.EDITS: 1000}
BUDGET = 1.0  # seconds for days that were not counted before; the rest is for the next time

Days = MutableMapping[date, dict[Level, Counted]]


@dataclass(frozen=True)
class Own:
    """What narrows the rows down to one organization's."""

    commits: ColumnElement[bool]
    edits: ColumnElement[bool]


def of_organization(organization_id: int, now: datetime) -> dict[Level, Counted]:
    """Of one organization: of its 28 days as much as is told of, the latest. `now` is aware UTC."""
    commits = _latest_commits(organization_id, now - WINDOW, _judged_until(now))
    edits = _latest_edits(organization_id, now - WINDOW, now)
    own = Own(Retrospective.id.in_(commits), SyncEntry.id.in_(edits))
    found = _read(now - WINDOW, now, _judged_until(now), now - HOUR, own)
    for level, latest in ((Level.COMMITS, commits), (Level.EDITS, edits)):
        found[level] = replace(found[level], cut=len(latest) == LATEST[level])
    found[Level.DELIVERIES] = _hours(now, ServiceLevelHour.organization_id == organization_id)
    return found


def _latest_commits(organization_id: int, begin: datetime, end: datetime) -> Sequence[int]:
    """Their ids, and not a SELECT within another: SQLite would go through all of 28 days."""
    found = select(Retrospective.id).where(
        Retrospective.organization_id == organization_id,
        Retrospective.committed_at >= begin,
        Retrospective.committed_at < end,
    )
    latest = found.order_by(Retrospective.committed_at.desc()).limit(LATEST[Level.COMMITS])
    return db.session.scalars(latest).all()


def _latest_edits(organization_id: int, begin: datetime, end: datetime) -> Sequence[int]:
    found = select(SyncEntry.id).where(
        SyncEntry.organization_id == organization_id,
        written(SyncEntry.operation, Operation.UPDATE),
        written(SyncEntry.state, EntryState.SYNCED, EntryState.ERROR),
        SyncEntry.updated_at >= begin,
        SyncEntry.updated_at < end,
    )
    latest = found.order_by(SyncEntry.updated_at.desc()).limit(LATEST[Level.EDITS])
    return db.session.scalars(latest).all()


def of_installation(
    now: datetime, days: Days, budget: float | None = BUDGET
) -> dict[Level, Counted]:
    """Of all organizations together, for whole days and today. `now` is aware UTC.

    days: where the days that are over are kept, so that each is counted once. `budget`: the seconds
    for counting those that were not; until all are, which may take several calls, commits and edits
    are left out. None: as long as it takes.
    """
    found = {Level.DELIVERIES: _hours(now, ServiceLevelHour.organization_id.is_(None))}
    today = _judged_until(now).astimezone(UTC).date()  # a day is over once all of it is judged
    dates = [today - timedelta(days=ago) for ago in range(1, WINDOW.days)]
    _count_days(days, dates, budget)
    if all(each in days for each in dates):
        live = _read(_midnight(today), now, _judged_until(now), now - HOUR)
        for level, counted in live.items():
            found[level] = sum((days[each][level] for each in dates), counted)
    return found


def _judged_until(now: datetime) -> datetime:
    """A commit that is younger may still be kept."""
    return now - timedelta(seconds=WITHIN)


def _count_days(days: Days, dates: list[date], budget: float | None) -> None:
    """The newest first."""
    for old in set(days).difference(dates):
        days.pop(old, None)
    until = None if budget is None else clock.monotonic() + budget
    for each in dates:
        if each not in days and (until is None or clock.monotonic() < until):
            begin, end = _midnight(each), _midnight(each + timedelta(days=1))
            days[each] = _read(begin, end, end, end)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _read(
    begin: datetime, end: datetime, judged: datetime, hour: datetime, own: Own | None = None
) -> dict[Level, Counted]:
    """Commits until `judged` and edits until `end`, those since `hour` told apart."""
    edits = _ended_edits(begin, end)
    if own:
        edits = edits.where(own.edits)
    commits = _judged_commits(begin, judged, own.commits if own else true())
    each = union_all(commits, edits).subquery().c
    rows = db.session.execute(
        select(
            each.level,
            func.count(),
            _sum(each.missed),
            _sum(case((each.moment >= hour, each.missed), else_=0)),
        ).group_by(each.level)
    )
    nothing = {Level.COMMITS: Counted(), Level.EDITS: Counted()}
    return nothing | {Level(level): Counted(*numbers) for level, *numbers in rows}


def _judged_commits(begin: datetime, end: datetime, own: ColumnElement[bool]) -> Select[Any]:
    """A row for each commit that asked for an issue: when it was, and 1 if it missed the level."""
    written_there = select(*_COMMITTED).join(
        ActionItem, ActionItem.retrospective_id == Retrospective.id
    )
    carried = select(*_COMMITTED).join(CarryOver, CarryOver.retrospective_id == Retrospective.id)
    carried = carried.join(ActionItem, ActionItem.id == CarryOver.action_item_id)
    asked_for = union_all(*(_asked_for(each, begin, end, own) for each in (written_there, carried)))
    each = asked_for.subquery().c
    columns: list[Any] = [_name(Level.COMMITS), each.moment, func.max(each.missed).label("missed")]
    return select(*columns).group_by(each.id, each.moment)


def _asked_for(
    listed: Select[Any], begin: datetime, end: datetime, own: ColumnElement[bool]
) -> Select[Any]:
    """Of what retrospectives list: that of which their commit opened the link."""
    committed_at = Retrospective.committed_at
    opened_by_it = (
        # By coalesce, or SQLite would begin with the index of backfills: nearly all are of none.
        (func.coalesce(IssueLink.backfill_id, 0) == 0)
        & (ActionItem.created_at <= committed_at)
        & (seconds_between(committed_at, IssueLink.created_at) <= LONGEST_TRANSACTION)
        & (IssueLink.created_at >= committed_at)
    )
    return listed.join(IssueLink, (IssueLink.action_item_id == ActionItem.id) & opened_by_it).where(
        own,
        committed_at >= begin,
        committed_at < end,
        ~_soon(ActionItem.deleted_at),
        ~_soon(ActionItem.dropped_at),
    )


def _soon(moment: Any) -> ColumnElement[bool]:
    """Whether it came within the seconds that a commit has."""
    return func.coalesce(seconds_between(Retrospective.committed_at, moment) <= WITHIN, False)


_there = exists().where(
    SyncEntry.issue_link_id == IssueLink.id,
    SyncEntry.operation == Operation.CREATE,
    SyncEntry.state == EntryState.SYNCED,
    seconds_between(Retrospective.committed_at, SyncEntry.updated_at) <= WITHIN,
)
_COMMITTED: tuple[Any, ...] = (
    Retrospective.id,
    Retrospective.committed_at.label("moment"),
    case((_there, 0), else_=1).label("missed"),
)


def _ended_edits(begin: datetime, end: datetime) -> Select[Any]:
    """The same of each edit that is in Jira, or given up: its moment is its end."""
    lag = seconds_between(SyncEntry.started_at, SyncEntry.updated_at)
    kept = (SyncEntry.state == EntryState.SYNCED) & (lag <= PROMISES[Level.EDITS].within)
    columns: list[Any] = [
        _name(Level.EDITS),
        SyncEntry.updated_at.label("moment"),
        case((kept, 0), else_=1).label("missed"),
    ]
    return select(*columns).where(
        SyncEntry.operation == Operation.UPDATE,
        SyncEntry.state.in_([EntryState.SYNCED, EntryState.ERROR]),
        SyncEntry.updated_at >= begin,
        SyncEntry.updated_at < end,
    )


def _name(level: Level) -> Label[str]:
    return literal(level.value, String).label("level")


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
