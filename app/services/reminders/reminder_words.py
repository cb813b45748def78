"""What a reminder says: what is due tomorrow, and what was due yesterday. Pure."""

from datetime import date

from app.services.labels import plural


def subject_of(soon: int, late: int) -> str:
    """How many are due tomorrow and how many were due yesterday, with no title."""
    if not soon:
        return f"{plural(late, 'action item')} {_were(late)} due yesterday"
    subject = f"{plural(soon, 'action item')} due tomorrow"
    return f"{subject}, {late} {_were(late)} due yesterday" if late else subject


def soon_heading(day: date, count: int) -> str:
    """ "Tomorrow, Friday 27 November, this is due:"."""
    return f"Tomorrow, {day:%A %-d %B}, {'this is' if count == 1 else 'these are'} due:"


def late_heading(day: date, count: int) -> str:
    """ "Yesterday, Wednesday 25 November, this was due:"."""
    return f"Yesterday, {day:%A %-d %B}, {'this was' if count == 1 else 'these were'} due:"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"
