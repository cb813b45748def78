"""What leaves with one action item: the push, the preview and the check ask the same. Pure."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.services.field_values.field_kind import Around, Kind, Lack, NotSent
from app.services.field_values.field_kinds import BY_CODE
from app.services.field_values.parsing import FACILITATOR, OWNER, is_template
from app.services.field_values.value_tokens import filled

# What rows call the kind of the active sprint.
SPRINT = "sprint"


@dataclass(frozen=True)
class ChosenValue:
    """A field value of a mapping, in stored form."""

    field_id: str
    name: str
    kind: str
    fingerprint: str
    value: Any


@dataclass(frozen=True)
class SentValue:
    """What Jira is sent for a field, and what a person reads of it."""

    name: str
    sent: Any
    words: str


@dataclass(frozen=True)
class Lacking:
    """A field that is not sent, by its name in Jira, and why."""

    name: str
    why: Lack


@dataclass(frozen=True)
class Leaving:
    """By Jira's ids of fields: what is sent, and what is not and why."""

    sent: Mapping[str, SentValue] = field(default_factory=dict)
    lacks: Mapping[str, Lacking] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        """As Jira is sent them."""
        return {name: each.sent for name, each in self.sent.items()}


def leaving_with(
    values: Sequence[ChosenValue], around: Around, screen: Mapping[str, str], denied: Container[str]
) -> Leaving:
    """What is sent of the values of a mapping.

    screen: the fingerprints of the fields on its create screen: what is not there any more, or is
    another field by now, stays out. denied: the names of fields that the account may not set.
    """
    sent: dict[str, SentValue] = {}
    lacks: dict[str, Lacking] = {}
    for each in values:
        kind = BY_CODE.get(each.kind)
        if kind is None or each.value is None:
            continue
        lack = _lack(each, screen, denied)
        if lack is None:
            try:
                found = kind.json_of(each.value, around)
            except NotSent as not_sent:
                lack = not_sent.lack
            else:
                words = shown_words(kind, each.value, around)
                sent[each.field_id] = SentValue(each.name, found, words)
        if lack is not None:
            lacks[each.field_id] = Lacking(each.name, lack)
    return Leaving(sent, lacks)


def shown_words(kind: Kind, value: Any, around: Around) -> str:
    """What people read of a value for one action item: of a template, what it comes to."""
    if isinstance(value, Mapping) and "role" in value:
        names = {OWNER: around.item.owner, FACILITATOR: around.item.facilitator}
        return names[value["role"]] or kind.words_of(value)
    if kind.code == SPRINT and around.sprints:
        return _name_of_sprint(kind, value, around)
    if not is_template(value):
        return kind.words_of(value)
    sent = kind.json_of(value, around)
    if isinstance(sent, list):
        return " ".join(map(str, sent))
    return sent if isinstance(sent, str) else filled(value, around.item)


def _name_of_sprint(kind: Kind, value: Any, around: Around) -> str:
    """Which one is active, where that is known."""
    try:
        number = kind.json_of(value, around)
    except NotSent:
        return kind.words_of(value)
    return next(each.name for each in around.sprints if each.id == number)


def fits(value: ChosenValue, screen: Mapping[str, str]) -> bool:
    """Whether the create screen still has the field that was chosen."""
    return screen.get(value.field_id) == value.fingerprint


def _lack(value: ChosenValue, screen: Mapping[str, str], denied: Container[str]) -> Lack | None:
    if not fits(value, screen):
        return Lack.NOT_ON_SCREEN
    return Lack.NOT_PERMITTED if value.name in denied else None


def names_role(values: Sequence[ChosenValue], role: str) -> bool:
    """Whether one of them is whoever has the role."""
    return any(
        isinstance(each.value, Mapping) and each.value.get("role") == role for each in values
    )


def sprint_value(values: Sequence[ChosenValue]) -> ChosenValue | None:
    """The one that is the active sprint, if one of them is."""
    return next((each for each in values if each.kind == SPRINT and each.value is not None), None)


def sprint_field(values: Sequence[ChosenValue]) -> str | None:
    """The id of the field that gets the active sprint, if one of them does."""
    found = sprint_value(values)
    return found.field_id if found else None


def permission_for(value: ChosenValue) -> str | None:
    """Which of Jira's permissions its field needs."""
    kind = BY_CODE.get(value.kind)
    return kind.permission if kind else None


def chosen_ids(value: Any) -> frozenset[str]:
    """The ids of what is chosen from a list, in stored form; those of a second level as well."""
    if isinstance(value, list):
        return frozenset().union(*map(chosen_ids, value))
    if not isinstance(value, Mapping) or "id" not in value:
        return frozenset()
    return frozenset({value["id"]}) | chosen_ids(value.get("child"))
