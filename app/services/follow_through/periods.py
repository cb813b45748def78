"""Which months a page tells of, by the organization's calendar. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

MONTHS = (3, 6, 12)
DEFAULT = 6


@dataclass(frozen=True)
class Period:
    """So many months, the last of which is that of `today`, and as many before them.

    Months are their first days, the oldest first.
    """

    today: date
    many: int = DEFAULT

    @property
    def months(self) -> Sequence[date]:
        return [months_before(self.today, each) for each in range(self.many - 1, -1, -1)]

    @property
    def before(self) -> Sequence[date]:
        return [months_before(self.months[0], each) for each in range(self.many, 0, -1)]


def months_before(day: date, many: int) -> date:
    """The first day of the month so many months before that of `day`; of its own for 0."""
    count = day.year * 12 + day.month - 1 - many
    return date(count // 12, count % 12 + 1, 1)


def month_of(moment: datetime, zone: tzinfo) -> date:
    """The first day of the month that `moment`, aware, lies in."""
    return months_before(moment.astimezone(zone).date(), 0)


def beginning(month: date, zone: tzinfo) -> datetime:
    """The first moment of the month, in UTC."""
    return datetime.combine(month, time(), zone).astimezone(UTC)
