"""Fourteen days of the sync log as a chart: numbers, and where its bars are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select

from app.extensions import db
from app.models import SENT, EntryState, IssueLink, SyncEntry, unsettled_entry, written
from app.services.counts import Count, counting
from app.services.outbound.links import in_sync_error

DAYS = 14
# The drawing: 700 by 104 units, a column of 50 a day, failed below the line.
WIDTH, HEIGHT, COLUMN, BAR, MARGIN = 700, 104, 50, 30, 10
ZERO, TOP, BELOW, GAP, LEAST = 80, 4, 22, 1, 1.5
MOST_PER_SYNC, MOST_PER_FAILURE = 14.0, 6.0
NONE = Count(0)


@dataclass(frozen=True)
class Day:
    """What became of a day's syncs, by when it was last tried; each number as far as counted."""

    date: date
    at_once: Count = NONE
    after_retry: Count = NONE
    failed: Count = NONE

    @property
    def synced(self) -> Count:
        return Count(self.at_once + self.after_retry)

    @property
    def all(self) -> Count:
        return Count(self.synced + self.failed)

    @property
    def any(self) -> bool:
        return bool(self.synced or self.failed)


@dataclass(frozen=True)
class Bar:
    kind: str
    x: int
    y: float
    height: float


@dataclass(frozen=True)
class Chart:
    """The days, the oldest first. The last one is today."""

    days: Sequence[Day]

    @property
    def at_once(self) -> Count:
        return Count(sum(day.at_once for day in self.days))

    @property
    def after_retry(self) -> Count:
        return Count(sum(day.after_retry for day in self.days))

    @property
    def failed(self) -> Count:
        return Count(sum(day.failed for day in self.days))

    @property
    def busiest(self) -> Day:
        return max(self.days, key=lambda day: day.all)

    @property
    def any(self) -> bool:
        return any(day.any for day in self.days)

    def bars(self, day: Day) -> list[Bar]:
        """The bars of `day`, sized so that the highest of all days fits."""
        x = self.days.index(day) * COLUMN + MARGIN
        up, down = self._scales()
        once, again = _height(day.at_once, up), _height(day.after_retry, up)
        base = ZERO - once - (GAP if once else 0)
        bars = [
            Bar("synced", x, ZERO - once, once),
            Bar("retried", x, round(base - again, 1), again),
            Bar("failed", x, ZERO + 2, _height(day.failed, down)),
        ]
        return [bar for bar in bars if bar.height]

    def _scales(self) -> tuple[float, float]:
        synced = max((day.synced for day in self.days), default=0)
        failed = max((day.failed for day in self.days), default=0)
        return (
            min(MOST_PER_SYNC, (ZERO - TOP - GAP) / max(synced, 1)),
            min(MOST_PER_FAILURE, BELOW / max(failed, 1)),
        )


def _height(count: int, scale: float) -> float:
    """Whatever happened can be seen."""
    return round(max(count * scale, LEAST), 1) if count else 0


def chart_of(organization_id: int, zone: tzinfo, now: datetime) -> Chart:
    """Count the entries of the last 14 days, which begin and end at midnight in `zone`.

    One statement, which reads of each day no more than is told of it.
    """
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    begins = [datetime.combine(each, time(), zone) for each in dates]
    ends = [*begins[1:], None]
    numbers = [
        counting(entries).scalar_subquery()
        for begin, end in zip(begins, ends, strict=True)
        for entries in _kinds(organization_id, begin, end)
    ]
    counts = iter(db.session.execute(select(*numbers)).one())
    return Chart(tuple(Day(each, *(Count(next(counts)) for _ in range(3))) for each in dates))


def _kinds(
    organization_id: int, begin: datetime, end: datetime | None
) -> tuple[Select[Any], Select[Any], Select[Any]]:
    """The entries of a day that were synced at once, after a retry, and that have failed.

    What came back from Jira was not synced by us, and cannot fail.
    """
    of_day = select(SyncEntry.id).where(
        SyncEntry.organization_id == organization_id,
        SyncEntry.updated_at >= begin,
        *([SyncEntry.updated_at < end] if end else []),
        written(SyncEntry.operation, *SENT),
    )
    synced = of_day.where(written(SyncEntry.state, EntryState.SYNCED))
    none: ColumnElement[int] = literal_column("0")
    failed = (unsettled_entry(), *in_sync_error())
    return (
        synced.where(SyncEntry.tries == none),
        synced.where(SyncEntry.tries > none),
        of_day.join(SyncEntry.link).join(IssueLink.action_item).where(*failed),
    )
