"""A field value in the form: what is typed for it, beside what is saved. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.services.field_values.field_kind import Input, Kind, Option, Typed

# From so many on a list is searched, not drawn.
MANY_OPTIONS = 50


@dataclass(frozen=True)
class ValueDraft:
    """What the form says. `version` is that of the mapping that it was filled in from.

    parts: by field id, in the order of the rows, what each of its inputs says. names: of what was
    searched for, by id. as_default: of a team's that goes where the default goes; else None.
    """

    version: int
    parts: Mapping[str, Sequence[str]]
    names: Mapping[str, str] = field(default_factory=dict)
    as_default: bool | None = None


@dataclass(frozen=True)
class ValueRow:
    """A field value as it is typed. on_screen: the type has the field as it was chosen.

    stored: what is saved. options: what Jira offers; None where that is not known, or not listed.
    """

    field_id: str
    name: str
    kind: Kind
    fingerprint: str
    required: bool
    on_screen: bool
    parts: Sequence[str]
    stored: Any = None
    options: Sequence[Option] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def is_searched(self) -> bool:
        """Whether it is chosen from what a search finds."""
        return not self.kind.lists_options or len(self.options or ()) > MANY_OPTIONS

    @property
    def takes_tokens(self) -> bool:
        """Whether what is typed may become something else for each action item."""
        return self.kind.input in {Input.LINE, Input.BOX, Input.LABELS, Input.DAY}

    @property
    def has_many_below(self) -> bool:
        """Whether a second level is too long to be drawn before the first is chosen."""
        return sum(len(each.children) for each in self.options or ()) > MANY_OPTIONS

    @property
    def chosen(self) -> list[Option]:
        """What is chosen, with what people call it: Jira's list, the search, or what is saved."""
        listed = {option.id: option.label for option in self.options or ()}
        saved = _saved_labels(self.stored)
        return [
            Option(each, listed.get(each) or self.names.get(each) or saved.get(each, each))
            for each in self.parts
            if each
        ]

    def part(self, number: int) -> str:
        """What one of its inputs says."""
        return self.parts[number] if len(self.parts) > number else ""

    def saved_part(self, number: int) -> str:
        """What the same input says of what is saved."""
        parts = parts_of(self.stored)
        return parts[number] if len(parts) > number else ""

    @property
    def saved_parts(self) -> list[str]:
        """What all of them say of it."""
        return parts_of(self.stored)

    def parsed(self) -> Any:
        """What is typed, in stored form; None: nothing is. Raises ValueInvalid."""
        return self.kind.parse(Typed(self.parts, self.options, self.names, self.stored))


def parts_of(value: Any) -> list[str]:
    """What the inputs say of a stored value."""
    if value is None:
        return []
    if isinstance(value, list):
        is_words = all(isinstance(each, str) for each in value)
        return [" ".join(value)] if is_words else [str(each["id"]) for each in value]
    if not isinstance(value, Mapping):
        return [str(value)]
    if "role" in value:
        return [value["role"], value["fallback"]["id"] if value["fallback"] else ""]
    if "board" in value:
        return [str(value["board"]) if value["board"] is not None else "active"]
    child = value.get("child")
    return [value["id"], *([child["id"] if child else ""] if "child" in value else [])]


def _saved_labels(value: Any) -> dict[str, str]:
    values = value if isinstance(value, list) else [value]
    found = {
        each["id"]: each["label"] for each in values if isinstance(each, Mapping) and "id" in each
    }
    if isinstance(value, Mapping) and isinstance(value.get("fallback"), Mapping):
        found[value["fallback"]["id"]] = value["fallback"]["label"]
    return found
