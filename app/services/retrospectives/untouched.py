"""For how long nobody has changed an action item, here or in Jira (design.md §16.2). Pure."""

from datetime import date, datetime, tzinfo

from app.models import ActionItem

# Sooner nobody expects anything of it.
WORTH_SAYING = 7  # days


def days_untouched(item: ActionItem, today: date, zone: tzinfo) -> int:
    """For how many days by the calendar of `zone`; 0 where it is not worth saying."""
    days = (today - _touched_at(item).astimezone(zone).date()).days
    return days if days >= WORTH_SAYING else 0


def _touched_at(item: ActionItem) -> datetime:
    in_jira = item.touched_in_jira_at
    return max(item.updated_at, in_jira) if in_jira else item.updated_at
