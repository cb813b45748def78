"""What a weekly digest says above its items. Pure: days and counts in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.services.labels import plural

MONDAY = 0
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class DigestWords:
    """subject: with counts and no title."""

    subject: str
    greeting: str
    heading: str


def words_of(name: str, due: Sequence[date | None], now: datetime) -> DigestWords:
    """`name`: the person's. `due`: the day of each open item, or None. `now`: by their clock."""
    today = now.date()
    overdue = sum(day is not None and day < today for day in due)
    soon = sum(day is not None and today <= day < today + WEEK for day in due)
    subject = plural(len(due), "open action item")
    return DigestWords(
        subject=f"{subject}, {overdue} overdue" if overdue else subject,
        greeting=f"{_greeting(now)} {name.split()[0]},",
        heading=_heading(len(due), overdue, soon, _in_which(today)),
    )


def _greeting(now: datetime) -> str:
    if now.hour < 12:
        return "Good morning"
    return "Good afternoon" if now.hour < 18 else "Good evening"


def _in_which(today: date) -> str:
    """On a Monday the next seven days are the week; on another day they are not."""
    return "this week" if today.weekday() == MONDAY else "within a week"


def _heading(count: int, overdue: int, soon: int, when: str) -> str:
    late = f"{overdue} {_are(overdue)} overdue" if overdue else ""
    near = f"{soon} {_are(soon)} due {when}" if soon else ""
    if late or near:
        return ", ".join(part for part in (late, near) if part)
    return f"{count} {_are(count)} open, none is due {when}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
