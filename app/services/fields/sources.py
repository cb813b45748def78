"""What a person wrote into an action item, as the synced fields ask for it."""

from typing import Any

from flask import current_app

from app.jira.adf import Backlink
from app.models import ActionItem
from app.services.fields.table import SYNCED_FIELDS


def sources_of(item: ActionItem) -> dict[str, Any]:
    """The source of each synced field by Jira's id. Immutable values, safe to hand to a thread."""
    return {field.id: field.source(item) for field in SYNCED_FIELDS}


def backlink_of(item: ActionItem) -> Backlink:
    """The way from the issue back to the item's retrospective."""
    retrospective = item.retrospective
    return Backlink(
        text=f"From the retrospective “{retrospective.title}” in Unpack",
        url=f"{current_app.config['PUBLIC_URL']}/retrospectives/{retrospective.id}",
    )
