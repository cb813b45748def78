"""What an issue holds for each field of JQL, comparable with what a query's values become."""

import re
from collections.abc import Callable
from typing import Any

from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.fields import FIELDS, KINDS, Field
from demo.jira_cloud.catalog.sites import project_by_key, types_of
from demo.jira_cloud.catalog.workflows import RESOLUTIONS
from demo.jira_cloud.issues import actions
from demo.jira_cloud.issues.adf_rules import text_of
from demo.jira_cloud.issues.changelog import option_names
from demo.jira_cloud.search.jql import BadJql
from demo.jira_cloud.state.records import Desk, Issue

Hold = Callable[[Desk, Issue], list[Any]]

_CUSTOM = re.compile(r"cf\[(\d+)\]")
_ALIASES = {
    "issuekey": "key",
    "issue": "key",
    "id": "key",
    "type": "issuetype",
    "due": "duedate",
    "createddate": "created",
    "updateddate": "updated",
    "component": "components",
    "fixversion": "fixversions",
    "affectedversion": "versions",
}


def known(name: str) -> str:
    """The field by its own name. Raises BadJql when there is none.

    Entity properties are not searchable for 3LO apps, so they are none (jira-platform.md §1.1).
    """
    field = _ALIASES.get(name, name)
    custom = _CUSTOM.fullmatch(field)
    if custom:
        found = FIELDS.get(f"customfield_{custom[1]}")
        field = {KINDS["sprint"].id: "sprint"}.get(found.id, found.id) if found else field
    if field not in HELD:
        raise BadJql(text("jql_field", field=name))
    return field


def field_of(name: str) -> Field | None:
    """The field of a screen that a field of JQL is, if it is one with options."""
    return _WITH_OPTIONS.get(name)


def _one(value: Any) -> list[Any]:
    return [] if value is None else [value]


def _of(name: str) -> Hold:
    def hold(_: Desk, issue: Issue) -> list[Any]:
        value = issue["fields"].get(name)
        return list(value) if isinstance(value, list) else _one(value)

    return hold


def _status(desk: Desk, issue: Issue) -> list[Any]:
    status = actions.status_of(desk.world, issue)
    return [status.name.lower(), status.id]


def _issue_type(_: Desk, issue: Issue) -> list[Any]:
    kind = types_of(project_by_key(issue["site"], issue["project"]))[issue["type"]]
    return [kind.name.lower(), kind.id]


def _level(_: Desk, issue: Issue) -> list[Any]:
    kind = types_of(project_by_key(issue["site"], issue["project"]))[issue["type"]]
    return [str(kind.level)]


def _resolution(_: Desk, issue: Issue) -> list[Any]:
    identity = issue["resolution"]
    return [] if identity is None else [RESOLUTIONS[identity].lower(), identity]


def _options(field: Field) -> Hold:
    def hold(_: Desk, issue: Issue) -> list[Any]:
        project = project_by_key(issue["site"], issue["project"])
        names = option_names(project, field)
        value = issue["fields"].get(field.id)
        ids = [each for each in (value if isinstance(value, list) else [value]) if each]
        return [names.get(each, each).lower() for each in ids] + ids

    return hold


def _summary(_: Desk, issue: Issue) -> list[Any]:
    return [issue["fields"]["summary"]]


def _text(_: Desk, issue: Issue) -> list[Any]:
    written = []
    for name, value in issue["fields"].items():
        check = FIELDS[name].check
        if value is not None and check in ("line", "document"):
            written.append(text_of(value) if check == "document" else value)
    return [" ".join(written)]


def _sprints(_: Desk, issue: Issue) -> list[Any]:
    return [str(number) for number in issue["fields"].get(KINDS["sprint"].id) or []]


_WITH_OPTIONS: dict[str, Field] = {
    "priority": KINDS["priority"],
    "components": KINDS["components"],
    "fixversions": KINDS["fix_versions"],
    "versions": KINDS["affects_versions"],
} | {
    name: field
    for name, field in FIELDS.items()
    if name.startswith("customfield_") and field.check in ("option", "options", "cascade")
}
HELD: dict[str, Hold] = {
    "project": lambda _, issue: [issue["project"]],
    "key": lambda _, issue: [issue["id"]],
    "creator": lambda _, issue: [issue["creator"]],
    "reporter": _of("reporter"),
    "assignee": _of("assignee"),
    "status": _status,
    "statuscategory": lambda desk, issue: [actions.status_of(desk.world, issue).category],
    "issuetype": _issue_type,
    "hierarchylevel": _level,
    "labels": _of("labels"),
    "resolution": _resolution,
    "created": lambda _, issue: [issue["created"]],
    "updated": lambda _, issue: [issue["updated"]],
    "duedate": _of("duedate"),
    "summary": _summary,
    "text": _text,
    "parent": _of("parent"),
    "sprint": _sprints,
    **{name: _options(field) for name, field in _WITH_OPTIONS.items()},
    **{
        field.id: _of(field.id)
        for field in FIELDS.values()
        if field.id.startswith("customfield_") and field.check in ("labels", "team")
    },
}
