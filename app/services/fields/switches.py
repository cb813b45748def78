"""Which synced fields an organization lets follow Jira: the switches of the settings."""

from collections.abc import Container

from app.models import JiraSettings
from app.services.fields.table import SYNCED_FIELDS


def taken_over(settings: JiraSettings | None) -> frozenset[str]:
    """The ids of the fields whose switch is on; none where nothing was ever saved."""
    return frozenset(
        field.id
        for field in SYNCED_FIELDS
        if field.switch and getattr(settings, field.switch, False)
    )


def take_over(settings: JiraSettings, field_ids: Container[str]) -> None:
    """Switch on the fields of `field_ids` and no others."""
    for field in SYNCED_FIELDS:
        if field.switch:
            setattr(settings, field.switch, field.id in field_ids)
