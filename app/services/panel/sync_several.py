"""Sync to Jira for all that fails for one cause."""

from collections.abc import Collection

from app.models import ActionItem, Retrospective
from app.services.outbound import links
from app.services.retrospectives import action_items


def request_syncs(retrospective: Retrospective, item_ids: Collection[int]) -> list[ActionItem]:
    """Push those of the retrospective's items at once, and return them; other ids are none of it.

    Locks item by item, by ascending id. Raises what `links.request_sync` raises.
    """
    named = [item for item in action_items.items_of(retrospective) if item.id in item_ids]
    for item in named:
        action_items.lock(item)
        links.request_sync(item)
    return named
