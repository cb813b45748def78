"""Whether Jira takes a value for a field, and what it keeps of it (jira-platform.md §3 and §6)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from demo.jira_cloud.answers.texts import Text, text
from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.screens import ASSIGNEE, Field
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.issues import adf_rules, conversion
from demo.jira_cloud.state.permissions import ASSIGNABLE, allowed
from demo.jira_cloud.state.world import World


class BadValue(Exception):
    """Carries the sentence that goes under the field's id in `errors`."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.name)
        self.sentence = sentence


@dataclass(frozen=True)
class Place:
    """Where the issue is or will be."""

    world: World
    project: Project


def check(place: Place, field: Field, value: Any) -> Any:
    """What Jira keeps for the value. Raises BadValue."""
    if value is None and field.id != ASSIGNEE.id:
        return None
    return _CHECKS[field.kind](place, field, value)


def _line(_: Place, field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue(text("not_a_string"))
    if "\n" in value or "\r" in value:
        raise BadValue(text("summary_lines"))
    if adf_rules.java_length(value) > 255:
        raise BadValue(text("summary_long"))
    if not value.strip() and field.required:
        raise BadValue(text("required", name=field.name))
    return value


def _document(place: Place, _: Field, value: Any) -> dict[str, Any]:
    if not adf_rules.is_document(value):
        raise BadValue(text("not_adf"))
    document: dict[str, Any] = value
    too_long = adf_rules.java_length(adf_rules.text_of(document)) > adf_rules.TEXT_LIMIT
    if too_long or len(json.dumps(document)) > adf_rules.BYTE_LIMIT:
        raise BadValue(text("text_long"))
    return conversion.kept(place.world, document)


def _user(place: Place, field: Field, value: Any) -> str | None:
    if value is not None and (not isinstance(value, dict) or set(value) != {"accountId"}):
        raise BadValue(text("bad_value", name=field.name))
    identity = None if value is None else value["accountId"]
    if identity is None:
        if not place.project.allows_unassigned:
            raise BadValue(text("unassigned"))
        return None
    if identity == "-1":
        return place.project.default_assignee
    account = ACCOUNTS.get(identity) if isinstance(identity, str) else None
    if account is None or not allowed(place.world, account, ASSIGNABLE, place.project):
        raise BadValue(text("not_assignable", account=identity))
    return account.id


def _date(_: Place, __: Field, value: Any) -> str:
    try:
        if not isinstance(value, str) or len(value) != len("2026-12-01"):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadValue(text("bad_date", value=value)) from None


def _labels(_: Place, field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise BadValue(text("bad_value", name=field.name))
    for label in value:
        if any(character.isspace() for character in label):
            raise BadValue(text("label_space", label=label))
    return sorted(set(value))


def _choice(_: Place, field: Field, value: Any) -> str:
    by_name = {name: identity for identity, name in field.allowed.items()}
    name_key = "name" if field.id == "priority" else "value"
    if not isinstance(value, dict) or len(value) != 1:
        raise BadValue(text("bad_value", name=field.name))
    if value.get("id") in field.allowed:
        return str(value["id"])
    chosen = value.get(name_key)
    if not isinstance(chosen, str) or chosen not in by_name:
        raise BadValue(text("bad_option", value=next(iter(value.values()))))
    return by_name[chosen]


def _number(_: Place, field: Field, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadValue(text("bad_value", name=field.name))
    return float(value)


def _parent(place: Place, _: Field, value: Any) -> str:
    asked = value.get("id") or value.get("key") if isinstance(value, dict) else None
    site = place.project.site
    for issue in place.world.table("issues").values():
        same_project = issue["site"] == site and issue["project"] == place.project.key
        if same_project and asked in (issue["id"], issue["key"]):
            return str(issue["id"])
    raise BadValue(text("parent_unknown"))


_CHECKS: dict[str, Callable[[Place, Field, Any], Any]] = {
    "line": _line,
    "document": _document,
    "user": _user,
    "date": _date,
    "labels": _labels,
    "choice": _choice,
    "number": _number,
    "parent": _parent,
}
