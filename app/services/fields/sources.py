"""What a person wrote into an action item, as the synced fields ask for it."""

from typing import Any

from flask import current_app

from app.jira.adf import Backlink, Site
from app.models import ActionItem, Organization
from app.services.fields.table import SYNCED_FIELDS


def sources_of(item: ActionItem) -> dict[str, Any]:
    """The source of each synced field by Jira's id. Immutable values, safe to hand to a thread."""
    return {field.id: field.source(item) for field in SYNCED_FIELDS}


def backlink_of(item: ActionItem) -> Backlink:
    """The way from the issue back to the item's retrospective, and the site of the issue."""
    retrospective = item.retrospective
    return Backlink(
        text=f"From the retrospective “{retrospective.title}” in Unpack",
        url=f"{current_app.config['PUBLIC_URL']}/retrospectives/{retrospective.id}",
        site=site_of(retrospective.team.organization),
    )


def site_of(organization: Organization) -> Site:
    """The connected site with the projects that teams are mapped to, as texts may name them."""
    connection = organization.connection
    if connection is None:
        return Site()
    keys = frozenset(mapping.project_key for mapping in connection.mappings)
    return Site(connection.site_url.rstrip("/"), keys)
