"""Reads the field values of a mapping from a form or an address."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from app.identifiers import is_number
from app.services.field_values.parsing import MOST_OPTIONS
from app.services.settings.value_rows import ValueDraft
from app.web.access import signed_in_user

MOST_FIELDS = 500
MOST_PARTS = MOST_OPTIONS + 1  # one more than a field may keep: it is refused, not cut off
LONGEST_NAME = 255
# In an address: what the chosen is called, signed for the person who was sent there.
LABELS = "labels"
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
        field_id: [each.strip() for each in values.getlist(value_name(field_id))[:MOST_PARTS]]
        for field_id in dict.fromkeys(fields)
        if field_id != removed
    }
    version = values.get("version", "")
    return ValueDraft(
        version=int(version) if is_number(version) else -1,
        parts=parts,
        names=_labels(values, _chosen(parts)),
        as_default=(values.get("whose") == "default") if may_follow else None,
    )


def arguments_of(draft: ValueDraft) -> dict[str, Any]:
    """The same as arguments of an address, which is for the person who is signed in."""
    signed = {LABELS: _signer().dumps(dict(draft.names))} if draft.names else {}
    return {
        SHOWN: "",
        "field": list(draft.parts),
        **{value_name(field_id): list(parts) for field_id, parts in draft.parts.items()},
        **signed,
    }


def _chosen(parts: Mapping[str, Iterable[str]]) -> set[str]:
    return {each for inputs in parts.values() for each in inputs if each}


def _labels(values: "MultiDict[str, str]", chosen: set[str]) -> dict[str, str]:
    """What a form that was sent says, or our own signature. Anybody can make up an address in which
    their account is called like somebody else."""
    signed = _signed(values.get(LABELS, ""))
    found = {each: request.form.get(label_name(each)) or signed.get(each) for each in chosen}
    return {each: label[:LONGEST_NAME] for each, label in found.items() if label}


def _signed(text: str) -> dict[str, str]:
    try:
        labels: dict[str, str] = _signer().loads(text)
    except BadSignature:
        return {}
    return labels


def _signer() -> URLSafeSerializer:
    salt = f"labels of {signed_in_user().id}"
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=salt)
