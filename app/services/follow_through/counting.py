"""Counting a team's months anew once something of them has changed.

What was changed stands in `uncounted`, committed with the change. A month's row is locked before
its action items are read: so of two tickers the one that reads later writes later, and a change
that is not read yet is still there to be counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import Row, delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.models import UNCOUNTED, ActionItem, CountedMonth, Organization
from app.services.follow_through import periods, tally
from app.services.follow_through.tally import Facts, Kind
from app.services.time_zones import zone_named

# How many changes, and how many months, a tick looks into: the rest follows with the next ones.
CHANGES, MONTHS = 500, 10


@dataclass(frozen=True, order=True)
class TeamMonth:
    team_id: int
    month: date
    organization_id: int


def zone_of(organization: Organization) -> tzinfo:
    """By whose clock its months and days begin."""
    return zone_named(organization.time_zone or "UTC")


def untouched_since(organization: Organization, now: datetime) -> datetime:
    """From when on whatever is untouched has not been changed (aware UTC), as it is counted."""
    zone = zone_of(organization)
    day = now.astimezone(zone).date() - tally.UNTOUCHED_AFTER + timedelta(days=1)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def is_behind(organization: Organization) -> bool:
    """Whether something has changed that the counts do not know of yet."""
    changed = exists().where(UNCOUNTED.c.organization_id == organization.id)
    return bool(db.session.scalar(select(changed)))


def catch_up(now: datetime) -> int:
    """Count the months in which something has changed, some at a time; how many. `now`: aware UTC.

    Where several organizations wait, each has its turn, however much has changed in one. Several
    tickers at once do no harm. The caller commits.
    """
    changes = _oldest_changes()
    if not changes:
        return 0
    zones = _zones({change.organization_id for change in changes})
    changed: defaultdict[TeamMonth | None, list[int]] = defaultdict(list)
    for change in changes:
        changed[_month_of(change, zones)].append(change.id)
    nobodys = changed.pop(None, [])
    months = sorted(_by_turns({month: ids for month, ids in changed.items() if month})[:MONTHS])
    counted = [id_ for month in months for id_ in changed[month]]
    db.session.execute(delete(UNCOUNTED).where(UNCOUNTED.c.id.in_([*counted, *nobodys])))
    _lock(months)
    for month in months:
        _count(month, zones[month.organization_id], now)
    db.session.flush()
    return len(months)


def _oldest_changes() -> list[Row[Any]]:
    """As many as are looked into; where they are of a few organizations, those of others as well.

    What another ticker holds is left to it.
    """
    found: list[Row[Any]] = []
    seen: set[int] = set()
    oldest = select(UNCOUNTED).order_by(UNCOUNTED.c.id).limit(CHANGES)
    while len(seen) < MONTHS:
        others = oldest.where(UNCOUNTED.c.organization_id.not_in(seen)) if seen else oldest
        more = db.session.execute(others.with_for_update(skip_locked=True)).all()
        found += more
        seen |= {change.organization_id for change in more}
        if len(more) < CHANGES:
            break
    return found


def _by_turns(changed: Mapping[TeamMonth, Sequence[int]]) -> list[TeamMonth]:
    """One month of each organization, then another of each, and so on; the oldest change first."""
    turns: Counter[int] = Counter()
    places: dict[TeamMonth, tuple[int, int]] = {}
    for month in sorted(changed, key=lambda each: changed[each][0]):
        places[month] = turns[month.organization_id], changed[month][0]
        turns[month.organization_id] += 1
    return sorted(changed, key=places.__getitem__)


def _month_of(change: Row[Any], zones: Mapping[int, tzinfo]) -> TeamMonth | None:
    """The month that it belongs to; None where the organization is gone."""
    zone = zones.get(change.organization_id)
    if zone is None or change.team_id is None or change.written_at is None:
        return None
    month = periods.month_of(change.written_at, zone)
    return TeamMonth(change.team_id, month, change.organization_id)


def _zones(organization_ids: Iterable[int]) -> Mapping[int, tzinfo]:
    found = db.session.scalars(select(Organization).where(Organization.id.in_(organization_ids)))
    return {organization.id: zone_of(organization) for organization in found}


def _lock(months: Sequence[TeamMonth]) -> None:
    """Hold their rows, in one order, and make those that are not there."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    for each in months:
        row = {"team_id": each.team_id, "month": each.month}
        made = insert(CountedMonth).values(
            **row, organization_id=each.organization_id, still_open=0, tally={}
        )
        db.session.execute(made.on_conflict_do_nothing())
        db.session.execute(select(CountedMonth.month).filter_by(**row).with_for_update())


def _count(of: TeamMonth, zone: tzinfo, now: datetime) -> None:
    found = tally.tally_of(facts_of(of.team_id, of.month, zone), zone)
    kept = tally.settled(found, now.astimezone(zone).date())
    row = db.session.get_one(CountedMonth, (of.team_id, of.month), populate_existing=True)
    row.still_open, row.tally = kept.total(Kind.OPEN), kept.stored


def facts_of(team_id: int, month: date, zone: tzinfo) -> list[Facts]:
    """What is known of each action item that the team wrote in that month and nobody deleted."""
    rows = db.session.execute(
        select(
            ActionItem.created_at,
            ActionItem.first_completed_at,
            ActionItem.completed_at,
            ActionItem.dropped_at,
            ActionItem.due_on,
            ActionItem.updated_at,
            ActionItem.touched_in_jira_at,
        ).where(
            ActionItem.team_id == team_id,
            ActionItem.created_at >= periods.beginning(month, zone),
            ActionItem.created_at < periods.beginning(periods.months_before(month, -1), zone),
            ActionItem.deleted_at.is_(None),
        )
    )
    return [
        Facts(
            written_at=row.created_at,
            first_completed_at=row.first_completed_at,
            completed_at=row.completed_at,
            dropped=row.dropped_at is not None,
            due_on=row.due_on,
            touched_at=max(row.updated_at, row.touched_in_jira_at or row.updated_at),
        )
        for row in rows
    ]
