"""Whether a person may ask for anything of an action item in Jira."""

from collections.abc import Iterable

from app.models import ActionItem
from app.services.errors import ItemDropped


def require_wanted(items: Iterable[ActionItem]) -> None:
    """Raise `ItemDropped` if any of the items was dropped: nothing is sent for it."""
    if any(item.dropped for item in items):
        raise ItemDropped
