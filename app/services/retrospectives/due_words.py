"""What a list says of when an action item is due, or who completed it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from app.models import ActionItem, CompletedIn


@dataclass(frozen=True)
class DueWords:
    """`words`, then the day `on` or the moment `at`, in the viewer's zone; all empty for nothing.

    icon: before it, for a day. overdue: the day has passed, and the item is open.
    """

    words: str = ""
    on: date | None = None
    at: datetime | None = None
    icon: str = ""
    overdue: bool = False


def words_of(item: ActionItem, today: date, key: str | None = None) -> DueWords:
    """Word it for one line. key: that of the issue, by which Jira completed the item."""
    if item.complete:
        return DueWords(_completed(item, key), at=item.completed_at)
    if item.due_on is None:
        return DueWords()
    if is_overdue(item, today):
        return DueWords("Was due", item.due_on, icon="calendar-due", overdue=True)
    return DueWords("", item.due_on, icon="calendar")


def day_of(item: ActionItem, today: date) -> DueWords:
    """Word it for a column of its own: the day, and what comes of its having passed."""
    if item.due_on is None:
        return DueWords("None")
    overdue = is_overdue(item, today)
    return DueWords(", overdue" if overdue else "", item.due_on, overdue=overdue)


def is_overdue(item: ActionItem, today: date) -> bool:
    """Whether its day has passed and it is open. today: the viewer's."""
    return item.due_on is not None and item.due_on < today and not item.complete


def _completed(item: ActionItem, key: str | None) -> str:
    if item.dropped:
        return f"Dropped by {item.dropped_by.name.split()[0]}," if item.dropped_by else "Dropped,"
    if item.completed_in is CompletedIn.JIRA:
        return f"Completed in Jira by {key}," if key else "Completed in Jira,"
    if item.completed_by is None:
        return "Completed here,"
    return f"Completed here by {item.completed_by.name.split()[0]},"
