"""How a changelog, a webhook payload and a page word the value of a field."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.fields import FIELDS, Field, known_options
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.catalog.teams import GROUPS, TEAMS
from demo.jira_cloud.issues.adf_rules import text_of

_IDENTIFIED = ("assignee", "person", "option", "date", "parent", "team", "group")


def described(project: Project, name: str, old: Any, new: Any) -> dict[str, Any]:
    """One changelog item: ids in `from` and `to`, words in `fromString` and `toString`."""
    field = FIELDS[name]
    return {
        "field": name if "system" in field.schema else field.name,
        "fieldtype": "jira" if "system" in field.schema else "custom",
        "fieldId": name,
        "from": _identity(field, old),
        "fromString": plain(project, name, old),
        "to": _identity(field, new),
        "toString": plain(project, name, new),
    }


def plain(project: Project, name: str, value: Any) -> str | None:
    """A field's value in words."""
    if value is None:
        return None
    field = FIELDS[name]
    if field.options:
        return _options(project, field, value)
    words = _WORDS.get(field.check, str)
    return ", ".join(map(words, value)) if field.is_list else words(value)


def option_names(project: Project, field: Field) -> dict[str, str]:
    """The name of every option by id, children included."""
    known = known_options(field, project)
    children = {child.id: child.name for each in known for child in each.children}
    return {each.id: each.name for each in known} | children


def _options(project: Project, field: Field, value: Any) -> str:
    names = option_names(project, field)
    ids: list[str | None] = value if isinstance(value, list) else [value]
    separator = " - " if field.check == "cascade" else ", "
    return separator.join(names.get(each, each) for each in ids if each is not None)


def _person(identity: str) -> str:
    return ACCOUNTS[identity].name


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="minutes")


# Whatever is not here is its own words.
_WORDS: dict[str, Callable[[Any], str]] = {
    "assignee": _person,
    "person": _person,
    "people": _person,
    "group": lambda identity: GROUPS[identity],
    "groups": lambda identity: GROUPS[identity],
    "team": lambda identity: TEAMS[identity].name,
    "document": text_of,
    "moment": _moment,
    "sprint": lambda numbers: ", ".join(map(str, numbers)),
}


def _identity(field: Field, value: Any) -> str | None:
    if value is None or field.check not in _IDENTIFIED:
        return None
    return str(value)
