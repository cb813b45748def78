"""Recording what somebody did to an action item's issue: the engine knows of no people."""

from typing import Any

from app.models import ActionItem
from app.services import audit
from app.web.access import signed_in_user


def record_on(item: ActionItem, action: str, **details: Any) -> None:
    """Note that whoever makes this request did `action` to the issue of `item`."""
    organization = item.retrospective.team.organization
    audit.record(organization, signed_in_user(), action, action_item=item.id, **details)
