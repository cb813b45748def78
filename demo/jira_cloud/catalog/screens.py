"""Which fields stand on the create and edit screen of a project's issue type."""

from demo.jira_cloud.catalog.fields import (
    ASSIGNEE,
    CHANGE_RISK,
    DESCRIPTION,
    DUE_DATE,
    EPIC_NAME,
    ISSUE_TYPE,
    KINDS,
    LABELS,
    PARENT,
    PRIORITY,
    PROJECT,
    REPORTER,
    STORY_POINTS,
    SUMMARY,
    TEAM_KINDS,
    TEAM_NOTES,
    Field,
)
from demo.jira_cloud.catalog.sites import Project

# A field with whether it is required.
Entry = tuple[Field, bool]

_BASE: tuple[Entry, ...] = (
    (PROJECT, True),
    (ISSUE_TYPE, True),
    (SUMMARY, True),
    (DESCRIPTION, False),
    (ASSIGNEE, False),
    # Required and without default, and yet Jira fills it in: jira-platform.md §2.3.
    (REPORTER, True),
    (DUE_DATE, False),
    (LABELS, False),
    (PRIORITY, False),
)
# A team-managed type has only what its layout holds (jira-platform.md §11.19).
_TEAM_BASE: tuple[Entry, ...] = (*_BASE[:6], (LABELS, False))
_MORE_BY_TYPE: dict[str, tuple[Entry, ...]] = {
    "Epic": ((EPIC_NAME, True),),
    "Sub-task": ((PARENT, True),),
    "Story": ((STORY_POINTS, False),),
}
_MORE: dict[tuple[str, str], tuple[Entry, ...]] = {
    ("OPS", "Change"): ((CHANGE_RISK, True), (TEAM_NOTES, False)),
    # What a team may want of each issue before it takes one.
    ("CORE", "Task"): tuple(
        (KINDS[kind], True) for kind in ("select", "cascading", "components", "user", "labels")
    ),
}
_LESS = {
    ("MOB", "Story"): {DUE_DATE.id},
    ("DES", "Illustration"): {ASSIGNEE.id},
    ("TPL", "Task"): {DESCRIPTION.id, LABELS.id},
}
# Ten thousand options weigh too much to be on every screen.
_LEFT_OUT = {"many_options"}


def screen(project: Project, type_name: str) -> list[Entry]:
    """The fields of the screen in the order of the form, before any switch changes them."""
    if project.team_managed:
        return _with_more(_TEAM_BASE, _of_team(type_name))
    place = (project.key, type_name)
    missing = _LESS.get(place, set())
    more = _MORE_BY_TYPE.get(type_name, ()) + _MORE.get(place, ())
    if place == ("KIND", "Task"):
        more += _optional(KINDS)
    return [entry for entry in _with_more(_BASE, more) if entry[0].id not in missing]


def kinds_of(project: Project) -> dict[str, Field]:
    """The field of each kind that the project's screens can have."""
    return TEAM_KINDS if project.team_managed else KINDS


def _of_team(type_name: str) -> tuple[Entry, ...]:
    if type_name == "Task":
        return _optional(TEAM_KINDS)
    return _MORE_BY_TYPE["Sub-task"] if type_name == "Sub-task" else ()


def _optional(kinds: dict[str, Field]) -> tuple[Entry, ...]:
    return tuple((field, False) for kind, field in kinds.items() if kind not in _LEFT_OUT)


def _with_more(first: tuple[Entry, ...], more: tuple[Entry, ...]) -> list[Entry]:
    """Each field once; the later entry says whether it is required."""
    return list({entry[0].id: entry for entry in (*first, *more)}.values())
