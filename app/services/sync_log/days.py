"""Some days of the log, in the zone of the person who asks for them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from app.services.errors import UnpackError

_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEARS = range(2000, 9999)  # whose days have a beginning and an end in UTC, whatever the zone


class NoSuchDay(UnpackError):
    sentence = "Write the day as year-month-day, such as 2026-11-30."


class DaysReversed(UnpackError):
    sentence = "The last day is before the first."


@dataclass(frozen=True)
class Days:
    """From `first` to `last`, both included; without one of them, as far as there is anything."""

    first: date | None
    last: date | None
    zone: tzinfo

    def __post_init__(self) -> None:
        """Raises DaysReversed."""
        if self.first and self.last and self.last < self.first:
            raise DaysReversed

    @property
    def begin(self) -> datetime | None:
        """The first moment (aware UTC)."""
        return self._midnight(self.first) if self.first else None

    @property
    def end(self) -> datetime | None:
        """The first moment that is too late (aware UTC)."""
        return self._midnight(self.last + timedelta(days=1)) if self.last else None

    def has(self, moment: datetime) -> bool:
        begin, end = self.begin, self.end
        return (begin is None or begin <= moment) and (end is None or moment < end)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)


def day_of(text: str) -> date | None:
    """The day that somebody has written, None for nothing; raises NoSuchDay."""
    words = text.strip()
    if not words:
        return None
    try:
        day = date.fromisoformat(words) if _WRITTEN.fullmatch(words) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        raise NoSuchDay
    return day
