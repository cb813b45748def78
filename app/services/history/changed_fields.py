"""The fields that one saving of the Jira settings changed, each with what it was before. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.services.fields.table import TAKEN_OVER
from app.services.settings.drafts import DEFAULT, Choice
from app.services.settings.status_choices import PARTS, RESOLUTION

OVERRIDES, WEBHOOKS = "overrides", "webhooks"
# By the word in the record, what the form calls the switches of what comes back from Jira.
SWITCH_LABELS = {
    WEBHOOKS: "Enable Jira Webhooks",
    **{
        field.switch.removeprefix("take_over_"): field.switch_label
        for field in TAKEN_OVER
        if field.switch
    },
}


@dataclass(frozen=True)
class Chosen:
    """Where action items of a slot go: the default's, or a team's by its id."""

    slot: int
    before: Choice
    after: Choice

    @property
    def part(self) -> str:
        """What names it in an address."""
        return str(self.slot)


@dataclass(frozen=True)
class Switched:
    """A switch, by its word in the record."""

    switch: str
    before: bool
    after: bool

    @property
    def part(self) -> str:
        return self.switch


@dataclass(frozen=True)
class StatusChosen:
    """The status, by its id, of a slot's issues when their items are completed or reopened; or the
    resolution that goes along."""

    slot: int
    when: str
    before: str
    after: str

    @property
    def part(self) -> str:
        return f"{self.when}-{self.slot}"

    @property
    def is_resolution(self) -> bool:
        return self.when == RESOLUTION


@dataclass(frozen=True)
class Valued:
    """A field value of a slot's mapping, as the history keeps it; None: none is sent.

    went_along: it went with its mapping, maybe beside those of other slots.
    """

    slot: int
    field_id: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    went_along: bool = False

    @property
    def part(self) -> str:
        return f"value-{self.slot}-{self.field_id}" if self.went_along else f"value-{self.field_id}"


Change = Chosen | Switched | StatusChosen | Valued
# What a field is: where issues go, a switch, a status by its id, or a field value as it is kept.
Value = Choice | bool | str | Mapping[str, Any] | None


def changes_of(details: Mapping[str, Any]) -> list[Change]:
    """What was saved otherwise than it stood, in the order of the form."""
    before, after = details["before"], details["after"]
    was, now = before["choices"], after["choices"]
    slots = sorted({int(slot) for slot in (*was, *now)}, key=lambda slot: (slot != DEFAULT, slot))
    chosen = [Chosen(slot, _choice(was, slot), _choice(now, slot)) for slot in slots]
    switched = [Switched(OVERRIDES, bool(before[OVERRIDES]), bool(after[OVERRIDES]))]
    switched += [
        Switched(name, _is_on(before, name), _is_on(after, name)) for name in SWITCH_LABELS
    ]
    both: list[Change] = [*chosen, *_statuses(before, after), *_values_that_went(before), *switched]
    return [each for each in both if each.before != each.after]


def value_changes_of(details: Mapping[str, Any]) -> list[Change]:
    """What one saving of field values changed, in the order in which they are sent."""
    was, now = details["before"]["values"], details["after"]["values"]
    changed = [each for each in {**was, **now} if was.get(each) != now.get(each)]
    return [
        Valued(
            details["slot"],
            field_id,
            (now.get(field_id) or was[field_id])["name"],
            was.get(field_id),
            now.get(field_id),
        )
        for field_id in changed
    ]


def decides_mapping(change: Change) -> bool:
    """Whether it decides where action items go: that can be undone."""
    return not isinstance(change, Switched) or change.switch == OVERRIDES


def why_no_undo(change: Change) -> str:
    """Where it is changed instead; empty of what can be undone."""
    switched = "No undo: it is switched under Webhooks in the Jira settings."
    return "" if decides_mapping(change) else switched


def _statuses(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[StatusChosen]:
    was, now = before.get("statuses", {}), after.get("statuses", {})
    return [
        StatusChosen(int(slot), when, _kept(was, slot, place), _kept(now, slot, place))
        for slot in sorted({*was, *now}, key=int)
        for place, when in enumerate(PARTS)
    ]


def _values_that_went(before: Mapping[str, Any]) -> list[Valued]:
    """Of mappings that were taken away; recorded only lately, and where there were any."""
    return [
        Valued(int(slot), field_id, value["name"], value, None, went_along=True)
        for slot, kept in before.get("values", {}).items()
        for field_id, value in kept["values"].items()
    ]


def went_with(details: Mapping[str, Any], change: Change) -> list[StatusChosen | Valued]:
    """What the same saving took from the slot, or gave it, with its project."""
    if not isinstance(change, Chosen):
        return []
    return [
        each
        for each in changes_of(details)
        if isinstance(each, StatusChosen | Valued) and each.slot == change.slot
    ]


def _kept(statuses: Mapping[str, Sequence[str]], slot: str, place: int) -> str:
    """Where nothing was chosen last, or nothing could be yet, nothing is kept."""
    return dict(enumerate(statuses.get(slot, ()))).get(place, "")


def _choice(choices: Mapping[str, Any], slot: int) -> Choice:
    kept = choices.get(str(slot))
    return Choice(*kept) if kept else Choice()


def _is_on(saved: Mapping[str, Any], name: str) -> bool:
    return bool(saved.get("returning", {}).get(name))
