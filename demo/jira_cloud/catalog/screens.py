"""Which fields stand on the create and edit screen of a project's issue type."""

from dataclasses import dataclass, field, replace
from typing import Any

from demo.jira_cloud.catalog.sites import PRIORITIES, Project

_CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes:"


@dataclass(frozen=True)
class Field:
    """A field as createmeta describes it. `kind` picks the check of its values."""

    id: str
    name: str
    kind: str
    schema: dict[str, Any]
    required: bool = False
    has_default: bool = False
    operations: tuple[str, ...] = ("set",)
    allowed: dict[str, str] = field(default_factory=dict)


def _system(identity: str, name: str, kind: str, **more: Any) -> Field:
    schema = {"type": more.pop("type", "string"), "system": identity}
    if "items" in more:
        schema["items"] = more.pop("items")
    return Field(identity, name, kind, schema, **more)


def _custom(number: int, name: str, kind: str, value_type: str, widget: str, **more: Any) -> Field:
    schema = {"type": value_type, "custom": _CUSTOM + widget, "customId": number}
    return Field(f"customfield_{number}", name, kind, schema, **more)


PROJECT = _system("project", "Project", "project", type="project", required=True)
ISSUE_TYPE = _system("issuetype", "Issue Type", "issuetype", type="issuetype", required=True)
SUMMARY = _system("summary", "Summary", "line", required=True)
DESCRIPTION = _system("description", "Description", "document")
ASSIGNEE = _system("assignee", "Assignee", "user", type="user")
# Required and without default, and yet Jira fills it in: jira-platform.md §2.3.
REPORTER = _system("reporter", "Reporter", "user", type="user", required=True)
DUE_DATE = _system("duedate", "Due date", "date", type="date")
LABELS = _system(
    "labels", "Labels", "labels", type="array", items="string", operations=("add", "set", "remove")
)
PRIORITY = _system(
    "priority", "Priority", "choice", type="priority", has_default=True, allowed=PRIORITIES
)
PARENT = _system("parent", "Parent", "parent", type="issuelink", required=True)
EPIC_NAME = replace(
    _custom(10011, "Epic Name", "line", "string", "textfield"),
    schema={
        "type": "string",
        "custom": "com.pyxis.greenhopper.jira:gh-epic-label",
        "customId": 10011,
    },
    required=True,
)  # fmt: skip
CHANGE_RISK = _custom(
    10042, "Change risk", "choice", "option", "select",
    required=True, allowed={"10100": "Low", "10101": "Medium", "10102": "High"},
)  # fmt: skip
TEAM_NOTES = _custom(10043, "Team notes", "document", "string", "textarea")
STORY_POINTS = _custom(10016, "Story point estimate", "number", "number", "float")

FIELDS: dict[str, Field] = {
    each.id: each
    for each in (
        PROJECT, ISSUE_TYPE, SUMMARY, DESCRIPTION, ASSIGNEE, REPORTER, DUE_DATE, LABELS, PRIORITY,
        PARENT, EPIC_NAME, CHANGE_RISK, TEAM_NOTES, STORY_POINTS,
    )
}  # fmt: skip

_BASE = (
    PROJECT, ISSUE_TYPE, SUMMARY, DESCRIPTION, ASSIGNEE, REPORTER, DUE_DATE, LABELS, PRIORITY,
)  # fmt: skip
_MORE_BY_TYPE = {"Epic": (EPIC_NAME,), "Sub-task": (PARENT,), "Story": (STORY_POINTS,)}
_MORE = {("OPS", "Change"): (CHANGE_RISK, TEAM_NOTES)}
_LESS = {
    ("MOB", "Story"): {DUE_DATE.id},
    ("DES", "Illustration"): {ASSIGNEE.id},
    ("TPL", "Task"): {DESCRIPTION.id, LABELS.id},
}


def screen(project: Project, type_name: str) -> list[Field]:
    """The fields of the screen in the order of the form, before any switch changes them."""
    place = (project.key, type_name)
    missing = _LESS.get(place, set())
    more = _MORE_BY_TYPE.get(type_name, ()) + _MORE.get(place, ())
    return [each for each in _BASE + more if each.id not in missing]
