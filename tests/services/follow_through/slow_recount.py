"""The figures by a slow and obvious recount: each is asked of every action item by itself."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from app.services.follow_through.figures import Figures


@dataclass
class Item:
    """What a person would write on a card: when it was written, and everything that happened."""

    team: str
    written_at: datetime
    due_on: date | None = None
    completions: Sequence[datetime] = ()
    complete: bool = False
    dropped: bool = False
    deleted: bool = False
    touched_at: datetime | None = None


@dataclass
class Recount:
    """Of some items, on a day, by a zone's calendar."""

    items: Sequence[Item]
    today: date
    zone: ZoneInfo

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def age(self, item: Item) -> int:
        return (self.today - self.day(item.written_at)).days

    def done(self) -> list[Item]:
        return [each for each in self.items if each.complete and not each.dropped]

    def still_open(self) -> list[Item]:
        return [each for each in self.items if not each.complete and not each.dropped]

    def days_until(self, item: Item, moment: datetime) -> int:
        return (self.day(moment) - self.day(item.written_at)).days

    def in_time(self) -> list[Item]:
        return [e for e in self.done() if self.days_until(e, e.completions[0]) <= 30]

    def share(self) -> tuple[int, int]:
        old = [each for each in self.items if self.age(each) >= 30]
        return len([each for each in self.in_time() if self.age(each) >= 30]), len(old)

    def median_days(self) -> float | None:
        took = [max(0, self.days_until(each, each.completions[-1])) for each in self.done()]
        return median(took) if len(took) >= 5 else None

    def overdue(self) -> list[Item]:
        return [e for e in self.still_open() if e.due_on is not None and e.due_on < self.today]

    def overdue_by(self) -> int:
        return max(((self.today - e.due_on).days for e in self.overdue() if e.due_on), default=0)

    def untouched(self) -> list[Item]:
        ago = self.today - timedelta(days=14)
        return [e for e in self.still_open() if self.day(e.touched_at or e.written_at) <= ago]


def of_month(items: Sequence[Item], month: date, zone: ZoneInfo) -> list[Item]:
    """Those that were written in that month; what was deleted is not there any more."""
    return [
        each
        for each in items
        if not each.deleted and each.written_at.astimezone(zone).date().replace(day=1) == month
    ]


def in_words(recount: Recount) -> dict[str, object]:
    """All of it, by the names of the figures."""
    return {
        "written": len(recount.items),
        "in_time": len(recount.in_time()),
        "later": len(recount.done()) - len(recount.in_time()),
        "dropped": len([each for each in recount.items if each.dropped]),
        "open": len(recount.still_open()),
        "share": recount.share(),
        "days_to_done": recount.median_days(),
        "overdue": len(recount.overdue()),
        "overdue_by": recount.overdue_by(),
        "untouched": len(recount.untouched()),
    }


def in_plain(figures: Figures) -> dict[str, object]:
    """What the product counts, by the same names."""
    return asdict(figures) | {"share": (figures.share.done, figures.share.of)}
