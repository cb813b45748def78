"""Fourteen days of the sync log as a chart: numbers, and where its bars are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import and_, case, func, select

from app.extensions import db
from app.models import EntryState, IssueLink, Operation, SyncEntry
from app.services.outbound.links import in_sync_error

DAYS = 14
# The drawing: 700 by 104 units, a column of 50 a day, failed below the line.
WIDTH, HEIGHT, COLUMN, BAR, MARGIN = 700, 104, 50, 30, 10
ZERO, TOP, BELOW, GAP, LEAST = 80, 4, 22, 1, 1.5
MOST_PER_SYNC, MOST_PER_FAILURE = 14.0, 6.0


@dataclass(frozen=True)
class Day:
    """What became of a day's syncs, by when it was last tried."""

    date: date
    at_once: int = 0
    after_retry: int = 0
    failed: int = 0

    @property
    def synced(self) -> int:
        return self.at_once + self.after_retry

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
    def at_once(self) -> int:
        return sum(day.at_once for day in self.days)

    @property
    def after_retry(self) -> int:
        return sum(day.after_retry for day in self.days)

    @property
    def failed(self) -> int:
        return sum(day.failed for day in self.days)

    @property
    def busiest(self) -> Day:
        return max(self.days, key=lambda day: day.synced + day.failed)

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
    """Count the entries of the last 14 days, which begin and end at midnight in `zone`."""
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    begins = [datetime.combine(each, time(), zone) for each in dates]
    counted = _counts(organization_id, begins)
    return Chart(
        tuple(
            Day(each, *(counted.get((number, kind), 0) for kind in ("once", "retry", "failed")))
            for number, each in enumerate(dates)
        )
    )


def _counts(organization_id: int, begins: Sequence[datetime]) -> dict[tuple[int, str], int]:
    """By day and outcome, in one query; days are cut by the viewer's midnights."""
    synced = SyncEntry.state == EntryState.SYNCED
    kind = case(
        (and_(synced, SyncEntry.tries == 0), "once"),
        (synced, "retry"),
        (and_(*in_sync_error()), "failed"),
    )
    cuts = enumerate(begins[1:])
    day = case(*[(SyncEntry.updated_at < cut, number) for number, cut in cuts], else_=DAYS - 1)
    found = (
        select(day.label("day"), kind.label("kind"), func.count())
        .select_from(SyncEntry)
        .join(SyncEntry.link)
        .join(IssueLink.action_item)
        .where(SyncEntry.organization_id == organization_id, SyncEntry.updated_at >= begins[0])
        # What came back from Jira was not synced by us, and cannot fail.
        .where(SyncEntry.operation.in_([each for each in Operation if not each.returns]))
        .group_by("day", "kind")
    )
    return {(number, word): count for number, word, count in db.session.execute(found)}
