"""The figures that a person reads, from what was counted. Pure."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from app.services.follow_through.tally import UNTOUCHED_AFTER, WITHIN, Kind, Tally

# Of fewer nothing can be said: one more or less would be another picture.
FEWEST = 5


@dataclass(frozen=True)
class Share:
    """How many of so many."""

    of: int
    done: int

    @property
    def sayable(self) -> bool:
        return self.of >= FEWEST

    @property
    def percent(self) -> int:
        """Rounded, half up."""
        return (200 * self.done + self.of) // (2 * self.of) if self.of else 0


@dataclass(frozen=True)
class Figures:
    """Of the action items of some teams and months, on a day.

    in_time: done within 30 days, whatever their age; later: done after that. share: those in time
    of the ones that are 30 days old. days_to_done: the median, None where fewer than five are done.
    overdue_by: by how many days the oldest is. Whatever is written is one of in time, later,
    dropped and open.
    """

    written: int
    in_time: int
    later: int
    dropped: int
    open: int
    share: Share
    days_to_done: float | None
    overdue: int
    overdue_by: int
    untouched: int


def figures_of(tally: Tally, today: date) -> Figures:
    """What was counted, as it is on `today`, a day of the organization's zone."""
    done, in_time = tally.total(Kind.DONE), tally.total(Kind.IN_TIME)
    day = today.toordinal()
    due = tally.counts[Kind.DUE]
    return Figures(
        written=tally.total(Kind.WRITTEN),
        in_time=in_time,
        later=done - in_time,
        dropped=tally.total(Kind.DROPPED),
        open=tally.total(Kind.OPEN),
        share=share_of(tally, today),
        days_to_done=_median(tally) if done >= FEWEST else None,
        overdue=_up_to(tally, Kind.DUE, day - 1),
        overdue_by=max(0, day - min(due, default=day)),
        untouched=_up_to(tally, Kind.OPEN, day - UNTOUCHED_AFTER.days),
    )


def share_of(tally: Tally, today: date) -> Share:
    """Of what is 30 days old on `today`, how much was done within 30 days."""
    day = today.toordinal() - WITHIN.days
    return Share(of=_up_to(tally, Kind.WRITTEN, day), done=_up_to(tally, Kind.IN_TIME, day))


def _up_to(tally: Tally, kind: Kind, number: int) -> int:
    return sum(many for each, many in tally.counts[kind].items() if each <= number)


def _median(tally: Tally) -> float:
    """Without a list of all that were done: they may be a hundred thousand."""
    counted = sorted(tally.counts[Kind.DONE].items())
    days, ends = [day for day, _ in counted], list(accumulate(many for _, many in counted))
    middle = ((ends[-1] - 1) // 2, ends[-1] // 2)  # one and the same where their number is odd
    return sum(days[bisect_right(ends, place)] for place in middle) / 2
