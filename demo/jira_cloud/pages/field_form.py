"""The fields of a screen as inputs of a form, and what a filled form asks of Jira."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from demo.jira_cloud.catalog.fields import FIELDS, Field
from demo.jira_cloud.catalog.options import Option
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.catalog.teams import GROUPS, TEAMS
from demo.jira_cloud.issues.adf_rules import text_of
from demo.jira_cloud.pages.frame import people
from demo.jira_cloud.state import offered, permissions
from demo.jira_cloud.state.records import Desk

# A longer list is typed.
LONGEST_LIST = 300
# By rule: what kind of input takes it.
_WIDGETS = {
    "line": "line", "address": "line", "labels": "line", "number": "line", "parent": "line",
    "document": "area", "date": "date", "moment": "moment",
    "option": "one", "cascade": "one", "assignee": "one", "person": "one", "group": "one",
    "team": "one", "sprint": "one",
    "options": "some", "people": "some", "groups": "some",
}  # fmt: skip
Choice = tuple[str, str]


@dataclass(frozen=True)
class Input:
    """A field as a form shows it: `values` are what its inputs hold, `choices` pairs with words."""

    id: str
    name: str
    widget: str
    required: bool
    values: list[str]
    choices: list[Choice] = field(default_factory=list)


def inputs(desk: Desk, project: Project, type_name: str, kept: Mapping[str, Any]) -> list[Input]:
    """The fields of the screen that the visitor may set, with what an issue keeps in them."""
    shown = permissions.settable(desk.world, desk.account, project, type_name).values()
    return [
        _input(desk, project, each, required, kept.get(each.id))
        for each, required in shown
        if each.check in _WIDGETS
    ]


def filled(form: Mapping[str, Sequence[str]], inputs_shown: Sequence[Input]) -> dict[str, Any]:
    """What REST is sent for the inputs that somebody changed."""
    changed = {}
    for each in inputs_shown:
        typed = [value for value in form.get(each.id, []) if value]
        # A list from which everything was taken sends nothing: `shown` says that it was there.
        asked = each.id in form or each.id in form.get("shown", [])
        if asked and typed != [value for value in each.values if value]:
            changed[each.id] = sent(FIELDS[each.id], typed, each)
    return changed


def sent(of: Field, typed: Sequence[str], shown: Input | None = None) -> Any:
    """The value in the form of REST; null for nothing."""
    if not typed:
        return [] if of.is_list else None
    if of.check == "option" and shown is not None and not shown.choices:
        return {of.name_key: typed[0]}
    return _SENT[of.check](typed)


def document(text: str) -> dict[str, Any]:
    """Plain text as a document, a paragraph for each line."""
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}]}
        for line in text.splitlines()
        if line.strip()
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def _input(desk: Desk, project: Project, of: Field, required: bool, kept: Any) -> Input:
    choices = _choices(desk, project, of)
    widget = _WIDGETS[of.check]
    if len(choices) > LONGEST_LIST:
        names = dict(choices)
        values = [names[kept]] if kept in names else []
        return Input(of.id, of.name, "line", required, values)
    return Input(of.id, of.name, widget, required, _values(desk, of, kept), choices)


def _values(desk: Desk, of: Field, kept: Any) -> list[str]:
    if kept is None:
        return []
    match of.check:
        case "cascade":
            return ["/".join(part for part in kept if part)]
        case "document":
            return [text_of(kept)]
        case "labels":
            return [" ".join(kept)]
        case "moment":
            return [f"{datetime.fromtimestamp(kept, UTC):%Y-%m-%dT%H:%M}"]
        case "parent":
            return [_key_of(desk, kept)]
    return [str(each) for each in kept] if isinstance(kept, list) else [str(kept)]


def _key_of(desk: Desk, identity: str) -> str:
    found = desk.world.table("issues").get(f"{desk.site.slug}:{identity}")
    return str(found["key"]) if found else identity


def _choices(desk: Desk, project: Project, of: Field) -> list[Choice]:
    if of.options:
        listed = offered.options(desk.world, desk.account, project, of)
        return [choice for each in listed if not each.archived for choice in _of_option(each)]
    if of.check in ("assignee", "person", "people"):
        return [(each.id, each.name) for each in people()]
    if of.check in ("group", "groups"):
        return list(GROUPS.items())
    if of.check == "team":
        return [(team.id, team.name) for team in TEAMS.values()]
    if of.check == "sprint":
        every = desk.world.table("sprints").values()
        of_site = [each for each in every if each["site"] == desk.site.slug]
        return [(str(each["id"]), f"{each['name']} ({each['state']})") for each in of_site]
    return []


def _of_option(option: Option) -> list[Choice]:
    below = [(f"{option.id}/{each.id}", f"{option.name} - {each.name}") for each in option.children]
    return [(option.id, option.name), *below]


def _cascade(typed: Sequence[str]) -> Any:
    parent, _, child = typed[0].partition("/")
    return {"id": parent, "child": {"id": child}} if child else {"id": parent}


def _number(typed: Sequence[str]) -> Any:
    try:
        return float(typed[0])
    except ValueError:
        return typed[0]


def _words(typed: Sequence[str]) -> list[str]:
    return [word for each in typed for word in each.split()]


_SENT: dict[str, Callable[[Sequence[str]], Any]] = {
    "line": lambda typed: typed[0],
    "address": lambda typed: typed[0],
    "labels": _words,
    "number": _number,
    "parent": lambda typed: {"key": typed[0].strip().upper()},
    "document": lambda typed: document("\n".join(typed)),
    "date": lambda typed: typed[0],
    "moment": lambda typed: f"{typed[0]}:00.000+0000",
    "option": lambda typed: {"id": typed[0]},
    "options": lambda typed: [{"id": each} for each in typed],
    "cascade": _cascade,
    "assignee": lambda typed: {"accountId": typed[0]},
    "person": lambda typed: {"accountId": typed[0]},
    "people": lambda typed: [{"accountId": each} for each in typed],
    "group": lambda typed: {"name": GROUPS.get(typed[0], typed[0])},
    "groups": lambda typed: [{"name": GROUPS.get(each, each)} for each in typed],
    "team": lambda typed: typed[0],
    "sprint": lambda typed: int(typed[0]) if typed[0].isdecimal() else typed[0],
}
