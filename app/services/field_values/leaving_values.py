"""What leaves with one action item: the push, the preview and the check ask the same. Pure."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.services.field_values.field_kind import Around, Lack, NotSent
from app.services.field_values.field_kinds import BY_CODE


@dataclass(frozen=True)
class ChosenValue:
    """A field value of a mapping, in stored form. required: as its create screen says."""

    field_id: str
    name: str
    kind: str
    fingerprint: str
    value: Any
    required: bool = False


@dataclass(frozen=True)
class SentValue:
    """What Jira is sent for a field, and what a person reads of it."""

    name: str
    sent: Any
    words: str


@dataclass(frozen=True)
class Leaving:
    """By Jira's ids of fields: what is sent, and what is not and why."""

    sent: Mapping[str, SentValue] = field(default_factory=dict)
    lacks: Mapping[str, Lack] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        """As Jira is sent them."""
        return {name: each.sent for name, each in self.sent.items()}


def leaving_with(
    values: Sequence[ChosenValue], around: Around, screen: Mapping[str, str], denied: Container[str]
) -> Leaving:
    """What is sent of the values of a mapping.

    screen: the fingerprints of the fields on its create screen: what is not there any more, or is
    another field by now, stays out. denied: permissions that the account lacks.
    """
    sent: dict[str, SentValue] = {}
    lacks: dict[str, Lack] = {}
    for each in values:
        kind = BY_CODE.get(each.kind)
        if kind is None or each.value is None or not fits(each, screen):
            continue
        if kind.permission in denied and kind.permission is not None:
            continue
        try:
            found = kind.json_of(each.value, around)
        except NotSent as not_sent:
            lacks[each.field_id] = not_sent.lack
        else:
            sent[each.field_id] = SentValue(each.name, found, kind.words_of(each.value))
    return Leaving(sent, lacks)


def fits(value: ChosenValue, screen: Mapping[str, str]) -> bool:
    """Whether the create screen still has the field that was chosen."""
    return screen.get(value.field_id) == value.fingerprint
