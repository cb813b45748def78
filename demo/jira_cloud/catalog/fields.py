"""Every field there is, by kind, as createmeta describes it (jira-platform.md §11.3)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from demo.jira_cloud.catalog import options
from demo.jira_cloud.catalog.options import Option
from demo.jira_cloud.catalog.sites import Project

_TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"
_LIST = ("add", "set", "remove")
_TWIN = 1_000  # between the ids of a company-managed field and its team-managed twin
_SPARE = 400


@dataclass(frozen=True)
class Field:
    """A field. `check` names the rule for its values in `issues.kinds`.

    options: what it is chosen from, of itself or by project
    default: what an issue gets that is created without it, in the form that is kept
    name_key: what createmeta calls an option's name
    """

    id: str
    name: str
    check: str
    schema: dict[str, Any]
    operations: tuple[str, ...] = ("set",)
    options: tuple[Option, ...] | Callable[[Project], tuple[Option, ...]] = ()
    default: Any = None
    name_key: str = "name"

    @property
    def is_list(self) -> bool:
        """Whether it holds several values."""
        return bool(self.schema["type"] == "array" and self.check != "sprint")


def _system(identity: str, name: str, check: str, kind: str = "string", **more: Any) -> Field:
    schema = {"type": kind, "system": identity}
    if "items" in more:
        schema["items"] = more.pop("items")
        more.setdefault("operations", _LIST)
    return Field(identity, name, check, schema, **more)


def _custom(number: int, name: str, check: str, kind: str, widget: str, **more: Any) -> Field:
    custom = widget if ":" in widget else _TYPES + widget
    schema = {"type": kind, "custom": custom, "customId": number}
    if "items" in more:
        schema["items"] = more.pop("items")
        more.setdefault("operations", _LIST)
    more.setdefault("name_key", "value")
    return Field(f"customfield_{number}", name, check, schema, **more)


PROJECT = _system("project", "Project", "target", "project")
ISSUE_TYPE = _system("issuetype", "Issue Type", "target", "issuetype")
SUMMARY = _system("summary", "Summary", "line")
DESCRIPTION = _system("description", "Description", "document")
ASSIGNEE = _system("assignee", "Assignee", "assignee", "user")
REPORTER = _system("reporter", "Reporter", "person", "user")
DUE_DATE = _system("duedate", "Due date", "date", "date")
LABELS = _system("labels", "Labels", "labels", "array", items="string")
PRIORITY = _system(
    "priority", "Priority", "option", "priority", options=options.PRIORITY_OPTIONS, default="3"
)
PARENT = _system("parent", "Parent", "parent", "issuelink")
SECURITY = _system(
    "security", "Security Level", "option", "securitylevel", options=options.security_levels
)
COMPONENTS = _system(
    "components", "Components", "options", "array", items="component", options=options.components
)
FIX_VERSIONS = _system(
    "fixVersions", "Fix versions", "options", "array", items="version", options=options.versions
)
ENVIRONMENT = _system("environment", "Environment", "document")
EPIC_NAME = _custom(
    10011, "Epic Name", "line", "string", "com.pyxis.greenhopper.jira:gh-epic-label"
)
SPRINT = _custom(
    10020, "Sprint", "sprint", "array", "com.pyxis.greenhopper.jira:gh-sprint",
    items="json", operations=("set",),
)  # fmt: skip
TEAM = _custom(10001, "Team", "team", "team", "atlassian-team")
CHANGE_RISK = _custom(
    10042, "Change risk", "option", "option", "select",
    options=options.numbered(10100, "Low", "Medium", "High"),
)  # fmt: skip
TEAM_NOTES = _custom(10043, "Team notes", "document", "string", "textarea")
STORY_POINTS = _custom(10016, "Story point estimate", "number", "number", "float")

# The kinds that a company-managed and a team-managed project each have a field of their own for.
_TWINS: dict[str, Field] = {
    "text": _custom(10101, "Root cause", "line", "string", "textfield"),
    "paragraph": _custom(10102, "Impact", "document", "string", "textarea"),
    "number": _custom(10103, "Cost", "number", "number", "float"),
    "date": _custom(10104, "Review on", "date", "date", "datepicker"),
    "datetime": _custom(10105, "Starts at", "moment", "datetime", "datetime"),
    "url": _custom(10106, "Runbook", "address", "string", "url"),
    "select": _custom(
        10107, "Colour", "option", "option", "select",
        options=options.numbered(10200, *options.COLORS),
    ),
    "radio": _custom(
        10108, "Size", "option", "option", "radiobuttons",
        options=options.numbered(10210, "Small", "Large"),
    ),
    "multiselect": _custom(
        10109, "Colours", "options", "array", "multiselect", items="option",
        options=options.numbered(10220, *options.COLORS),
    ),
    "checkboxes": _custom(
        10110, "Checks", "options", "array", "multicheckboxes", items="option",
        options=options.numbered(10230, "Security", "Privacy", "Accessibility"),
    ),
    "cascading": _custom(
        10111, "Place", "cascade", "option-with-child", "cascadingselect",
        options=options.cascade(10240),
    ),
    "user": _custom(10112, "Sponsor", "person", "user", "userpicker"),
    "users": _custom(10113, "Reviewers", "people", "array", "multiuserpicker", items="user"),
    "group": _custom(10114, "Crew", "group", "group", "grouppicker"),
    "groups": _custom(10115, "Crews", "groups", "array", "multigrouppicker", items="group"),
    "version": _custom(
        10116, "Found in", "option", "version", "version",
        options=options.versions, name_key="name",
    ),
    "multi_version": _custom(
        10117, "Also in", "options", "array", "multiversion", items="version",
        options=options.versions, name_key="name",
    ),
    "custom_labels": _custom(10118, "Topics", "labels", "array", "labels", items="string"),
    "project_picker": _custom(
        10119, "Other project", "option", "project", "project",
        options=options.project_options, name_key="key",
    ),
    "read_only": _custom(10120, "Import id", "closed", "string", "readonlyfield"),
    "app": _custom(10121, "Risk register", "closed", "any", "com.acme.risks:risk-register"),
    "default_select": _custom(
        10123, "Severity", "option", "option", "select",
        options=options.numbered(10270, "Minor", "Major"), default="10270",
    ),
}  # fmt: skip


def _twin(field: Field) -> Field:
    """The field of the same name in a team-managed project: another id, other ids of options."""
    number = field.schema["customId"] + _TWIN
    own = field.options
    if not callable(own):
        own = tuple(
            replace(
                each,
                id=str(int(each.id) + _TWIN),
                children=tuple(
                    replace(child, id=str(int(child.id) + _TWIN)) for child in each.children
                ),
            )
            for each in own
        )
    return replace(
        field,
        id=f"customfield_{number}",
        schema=field.schema | {"customId": number},
        options=own,
        default=field.default and str(int(field.default) + _TWIN),
    )


# What both sorts of projects have in common.
_SHARED: dict[str, Field] = {
    "components": COMPONENTS,
    "fix_versions": FIX_VERSIONS,
    "affects_versions": _system(
        "versions", "Affects versions", "options", "array",
        items="version", options=options.versions,
    ),
    "priority": PRIORITY,
    "security": SECURITY,
    "labels": LABELS,
    "environment": ENVIRONMENT,
    "parent": PARENT,
    "sprint": SPRINT,
    "team": TEAM,
    "estimate": _custom(
        10031, "Story points", "number", "number", "com.pyxis.greenhopper.jira:jsw-story-points"
    ),
    "epic_link": _custom(
        10014, "Epic Link", "closed", "any", "com.pyxis.greenhopper.jira:gh-epic-link"
    ),
    "attachment": _system("attachment", "Attachment", "closed", "array", operations=()),
    "linked_issues": _system(
        "issuelinks", "Linked Issues", "closed", "array", items="issuelinks", operations=("add",)
    ),
    "time_tracking": _system("timetracking", "Time tracking", "closed", "timetracking"),
    "many_options": _custom(
        10122, "Building", "option", "option", "select", options=options.many(30_000)
    ),
}  # fmt: skip

KINDS: dict[str, Field] = _SHARED | _TWINS
TEAM_KINDS: dict[str, Field] = _SHARED | {name: _twin(field) for name, field in _TWINS.items()}

_SPARE_KINDS = (
    ("line", "string", "textfield"),
    ("number", "number", "float"),
    ("date", "date", "datepicker"),
    ("document", "string", "textarea"),
)
# For a screen that is longer than anybody wants.
SPARE: tuple[Field, ...] = tuple(
    _custom(20_000 + number, f"Spare field {number:03d}", *_SPARE_KINDS[number % 4])
    for number in range(1, _SPARE + 1)
)

FIELDS: dict[str, Field] = {
    each.id: each
    for each in (
        PROJECT, ISSUE_TYPE, SUMMARY, DESCRIPTION, ASSIGNEE, REPORTER, DUE_DATE, EPIC_NAME,
        CHANGE_RISK, TEAM_NOTES, STORY_POINTS, *KINDS.values(), *TEAM_KINDS.values(), *SPARE,
    )
}  # fmt: skip


def known_options(field: Field, project: Project) -> tuple[Option, ...]:
    """What the field is chosen from in the project, what was deleted there included."""
    return field.options(project) if callable(field.options) else field.options
