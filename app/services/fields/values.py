"""What the fields of an issue are to hold, rendered once, before it is decided which are sent."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.jira.adf import Backlink
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import ASSIGNEE, SYNCED_FIELDS


@dataclass(frozen=True)
class FieldValue:
    """A field of an action item's issue.

    source: as the snapshot keeps what a person wrote. sent: as Jira is sent it. remembered: as
    version 1.0 kept that. seen: what one would see of it in Jira. The last three are None for the
    assignee, whose account is decided apart (`outbound/assignee`).
    """

    field: SyncedField
    source: Any = None
    sent: Any = None
    remembered: Any = None
    seen: Any = None


def values_of(
    sources: Mapping[str, Any], backlink: Backlink, fields: Iterable[SyncedField] = SYNCED_FIELDS
) -> tuple[FieldValue, ...]:
    """The values of `fields` in their order, from what a person wrote (`sources_of`). Pure."""
    return tuple(_value(field, sources[field.id], backlink) for field in fields)


def sendable(screen: Container[str]) -> frozenset[str]:
    """The synced fields that can be sent. `screen`: the field ids of a screen, if known."""
    return frozenset(field.id for field in SYNCED_FIELDS if field.is_on(screen))


def _value(field: SyncedField, source: Any, backlink: Backlink) -> FieldValue:
    stored = field.stored(source)
    if field is ASSIGNEE:
        return FieldValue(field, stored)
    sent = field.render(source, backlink)
    return FieldValue(field, stored, sent, field.remember(sent), field.seen_as(sent))
