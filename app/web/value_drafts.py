"""Reads the field values of a mapping from a form or an address."""

from typing import Any

from werkzeug.datastructures import MultiDict

from app.services.settings.value_rows import ValueDraft
from app.web.parameters import is_number

MOST_FIELDS = 500
LONGEST_NAME = 255
# Says that a form has field values at all, and of which project and type they were drawn.
SHOWN = "values"


def value_name(field_id: str) -> str:
    """The name of a field's inputs."""
    return f"value:{field_id}"


def label_name(chosen: object) -> str:
    """The name of what says what something that was searched for is called."""
    return f"label:{chosen}"


def draft_from(values: "MultiDict[str, str]", *, may_follow: bool = False) -> ValueDraft:
    """What was filled in, with what was pressed beside Save: a field added, or one removed.

    `removing`, because an input that is called `remove` hides the form's own method of that name.
    """
    fields = [each[:64] for each in values.getlist("field")][:MOST_FIELDS]
    removed, added = values.get("removing", ""), values.get("add", "")
    if "adding" in values and added:
        fields.append(added[:64])
    parts = {
        field_id: [each.strip() for each in values.getlist(value_name(field_id))]
        for field_id in dict.fromkeys(fields)
        if field_id != removed
    }
    version = values.get("version", "")
    return ValueDraft(
        version=int(version) if is_number(version) else -1,
        parts=parts,
        names=_labels(values),
        as_default=(values.get("whose") == "default") if may_follow else None,
    )


def arguments_of(draft: ValueDraft) -> dict[str, Any]:
    """The same as arguments of an address."""
    chosen = {part for parts in draft.parts.values() for part in parts}
    return {
        SHOWN: "",
        "field": list(draft.parts),
        **{value_name(field_id): list(parts) for field_id, parts in draft.parts.items()},
        **{label_name(each): name for each, name in draft.names.items() if each in chosen},
    }


def _labels(values: "MultiDict[str, str]") -> dict[str, str]:
    begin = label_name("")
    return {
        name.removeprefix(begin): label[:LONGEST_NAME]
        for name, label in values.items()
        if name.startswith(begin) and label
    }
