"""Action items counted by what became of them: what the figures of a month are made of. Pure.

Days are those of the organization's zone. What depends on the day on which somebody looks is
counted by day, so that the same counts are true tomorrow.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

WITHIN, UNTOUCHED_AFTER = timedelta(days=30), timedelta(days=14)


@dataclass(frozen=True)
class Facts:
    """What is known of an action item that was not deleted; moments are aware.

    touched_at: when somebody last changed it, here or in Jira.
    """

    written_at: datetime
    first_completed_at: datetime | None
    completed_at: datetime | None
    dropped: bool
    due_on: date | None
    touched_at: datetime


class Kind(StrEnum):
    """What is counted, and by which number: a day is its ordinal."""

    WRITTEN = "written"  # by the day of writing
    IN_TIME = "in-time"  # done within 30 days, by the day of writing
    DONE = "done"  # by the days that it took
    DROPPED = "dropped"  # by 0
    OPEN = "open"  # by the day on which it was last touched
    DUE = "due"  # open ones with a due date, by that


Counts = Mapping[Kind, Counter[int]]


@dataclass
class Tally:
    """How many there are of each kind and number."""

    counts: dict[Kind, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, other: "Tally") -> None:
        """Count what the other has counted, too."""
        for kind, numbers in other.counts.items():
            self.counts[kind].update(numbers)

    def only(self, *kinds: Kind) -> "Tally":
        """The same of these kinds alone."""
        return Tally(defaultdict(Counter, {kind: self.counts[kind] for kind in kinds}))

    def total(self, kind: Kind) -> int:
        """How many there are of the kind, whatever their numbers."""
        return self.counts[kind].total()

    @property
    def stored(self) -> dict[str, dict[str, int]]:
        """As a row keeps it."""
        return {
            kind.value: {str(number): many for number, many in numbers.items()}
            for kind, numbers in self.counts.items()
            if numbers
        }

    @classmethod
    def restored(
        cls, stored: Mapping[str, Mapping[str, Any]], kinds: Iterable[Kind] = tuple(Kind)
    ) -> "Tally":
        """What `stored` was made of, of these kinds."""
        tally = cls()
        for kind in kinds:
            numbers = stored.get(kind.value, {})
            tally.counts[kind] = Counter({int(number): many for number, many in numbers.items()})
        return tally


def total_of(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    total = Tally()
    for each in tallies:
        total.add(each)
    return total


def tally_of(items: Iterable[Facts], zone: tzinfo) -> Tally:
    """Count action items by the calendar of `zone`."""
    tally = Tally()
    for item in items:
        _count(tally.counts, item, zone)
    return tally


def _count(counts: Counts, item: Facts, zone: tzinfo) -> None:
    written = _day(item.written_at, zone)
    counts[Kind.WRITTEN][written.toordinal()] += 1
    if item.dropped:
        counts[Kind.DROPPED][0] += 1
    elif item.completed_at is not None:
        first = item.first_completed_at or item.completed_at
        if _day(first, zone) - written <= WITHIN:
            counts[Kind.IN_TIME][written.toordinal()] += 1
        took = _day(item.completed_at, zone) - written
        counts[Kind.DONE][max(0, took.days)] += 1
    else:
        counts[Kind.OPEN][_day(item.touched_at, zone).toordinal()] += 1
        if item.due_on is not None:
            counts[Kind.DUE][item.due_on.toordinal()] += 1


def settled(tally: Tally, today: date) -> Tally:
    """The same, with what no later day can tell apart any more put under one number.

    Whatever is overdue or untouched on `today` is so on every day after. How much is 30 days old is
    asked of days as far back as 30 days ago, too.
    """
    oldest_due = min(tally.counts[Kind.DUE], default=0)
    day = today.toordinal()
    written_by, touched_by = day - 2 * WITHIN.days, day - UNTOUCHED_AFTER.days
    within = {
        Kind.WRITTEN: (written_by, 1),
        Kind.IN_TIME: (written_by, 1),
        Kind.OPEN: (touched_by, 1),
        Kind.DUE: (day - 1, oldest_due),
    }
    put_together = Tally()
    for kind, numbers in tally.counts.items():
        until, one = within.get(kind, (-1, 0))
        for number, many in numbers.items():
            put_together.counts[kind][one if number <= until else number] += many
    return put_together


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()
