"""What there is to say of a kind of field. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.services.field_values.schemas import Schema
from app.services.field_values.value_tokens import ItemFacts


class Input(StrEnum):
    """How a value is typed in."""

    LINE = "line"
    BOX = "box"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    ONE = "one"
    SEVERAL = "several"
    TWO_LEVELS = "two-levels"
    PERSON = "person"
    PEOPLE = "people"
    GROUP = "group"
    GROUPS = "groups"
    LABELS = "labels"
    ISSUE = "issue"
    TEAM = "team"
    SPRINT = "sprint"


class ValueInvalid(Exception):
    """What is typed in cannot be sent. `sentence` says why, and what would do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Option:
    """One of a list, by its id in Jira, with those below it."""

    id: str
    label: str
    children: tuple["Option", ...] = ()

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> "Option":
        """As it is remembered."""
        below = tuple(map(cls.kept, stored.get("children", ())))
        return cls(stored["id"], stored["label"], below)

    def as_json(self) -> dict[str, Any]:
        below = [child.as_json() for child in self.children]
        return {"id": self.id, "label": self.label, **({"children": below} if below else {})}


@dataclass(frozen=True)
class Typed:
    """What the form says of a field: each of its inputs, in their order.

    options: what Jira offers; None where that is not known just now, or nobody lists it.
    names: what people call what was searched for, by id: it is not in any list.
    saved: the value that is there already, in stored form.
    """

    parts: Sequence[str]
    options: Sequence[Option] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    saved: Any = None


class Lack(StrEnum):
    """Why a value is not sent for one action item."""

    EMPTY = "empty"  # a token is, such as the due date
    NOT_MATCHED = "not-matched"  # nobody knows the person's account
    NO_SPRINT = "no-sprint"  # none is active
    SEVERAL_SPRINTS = "several-sprints"  # and no board was chosen
    NOT_ON_SCREEN = "not-on-screen"  # nor is what was chosen there under its id
    NOT_PERMITTED = "not-permitted"  # the account lacks what the field needs


class NotSent(Exception):
    """There is nothing to send for this action item; `lack` says why."""

    def __init__(self, lack: Lack) -> None:
        super().__init__(lack.value)
        self.lack = lack


@dataclass(frozen=True)
class Sprint:
    """An active sprint, with the board that it is on."""

    id: int
    name: str
    board: int | None = None


@dataclass(frozen=True)
class Around:
    """What a value may depend on: the action item, and what is going on in its project."""

    item: ItemFacts
    sprints: Sequence[Sprint] = ()


@dataclass(frozen=True)
class Kind:
    """A row of the table of kinds.

    code: what rows keep. words: what the settings call it. schemas: by which it is recognised.
    input: how it is typed in.
    parse: from what is typed in to the stored form, which is JSON; None: nothing is. Raises
        ValueInvalid.
    words_of: from the stored form to what people read of it.
    json_of: from the stored form to what Jira is sent for one action item. Raises NotSent.
    permission: which of Jira's permissions the account needs for it, beside creating.
    """

    code: str
    words: str
    schemas: frozenset[Schema]
    input: Input
    parse: Callable[[Typed], Any]
    words_of: Callable[[Any], str]
    json_of: Callable[[Any, Around], Any]
    permission: str | None = None

    @property
    def lists_options(self) -> bool:
        """Whether Jira lists what may be chosen."""
        return self.input in {Input.ONE, Input.SEVERAL, Input.TWO_LEVELS}
