"""Creating, editing, moving, transitioning and deleting issues, by Jira's rules."""

from collections.abc import Container
from dataclasses import replace
from typing import Any

from demo.jira_cloud.answers.refusals import BareRefusal, JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ROBOT
from demo.jira_cloud.catalog.fields import (
    ASSIGNEE,
    DESCRIPTION,
    FIELDS,
    PARENT,
    PRIORITY,
    REPORTER,
    TEAM,
    known_options,
)
from demo.jira_cloud.catalog.sites import Project, project_by_key, types_of
from demo.jira_cloud.catalog.workflows import RESOLUTIONS, Status
from demo.jira_cloud.issues.changelog import described
from demo.jira_cloud.issues.payloads import (
    cannot_be_set,
    checked_property,
    checked_values,
    read_fields,
    read_properties,
    read_target,
)
from demo.jira_cloud.state import offered, permissions, records
from demo.jira_cloud.state.conditions import EVERY, holds
from demo.jira_cloud.state.records import Desk, Issue
from demo.jira_cloud.state.world import World


def create(desk: Desk, payload: Any) -> Issue:
    """Create one issue from the body of a create request. Raises JiraRefusal."""
    if not isinstance(payload, dict) or not payload.get("fields"):
        raise BareRefusal(400, text("no_payload"))
    given = read_fields(payload)
    project, type_name = read_target(desk, given)
    properties = read_properties(payload.get("properties", []))
    values = checked_values(desk, project, type_name, given)
    issue = _new(desk, project, type_name, values, properties)
    records.keep(desk.world, issue)
    records.announce(desk.world, "jira:issue_created", issue, desk.account.id)
    return issue


def edit(desk: Desk, asked: str, payload: Any) -> Issue:
    """Change fields of an issue; no permission reads like a missing field (jira-platform.md §3)."""
    issue, project = records.require(desk.world, desk.site, desk.account, asked)
    given = read_fields(payload if isinstance(payload, dict) else None)
    properties = read_properties(payload.get("properties", []))
    if not permissions.allowed(desk.world, desk.account, permissions.EDIT, project):
        raise cannot_be_set(given)
    values = checked_values(desk, project, issue["type"], given, issue["fields"])
    for key, value in properties.items():
        set_property(desk, issue, key, value)
    return change(desk, issue, values)


def change(desk: Desk, issue: Issue, values: dict[str, Any]) -> Issue:
    """Store checked values; tell the webhooks what differs, if anything does."""
    before = dict(issue["fields"])
    changed = {name: value for name, value in values.items() if before.get(name) != value}
    if changed:
        issue["fields"] = before | changed
        _touch(desk, issue)
        project = project_by_key(issue["site"], issue["project"])
        changes = [
            described(project, name, before.get(name), value) for name, value in changed.items()
        ]
        kind = "issue_assigned" if set(changed) == {ASSIGNEE.id} else "issue_updated"
        _updated(desk, issue, changes, kind)
    return issue


def automate(desk: Desk, issue: Issue, written: Container[str]) -> None:
    """Let the rules of the project add their words to a description that was just written."""
    if DESCRIPTION.id not in written:
        return
    for rule in desk.world.conditions.automations:
        if rule["project"] not in (EVERY, issue["project"]):
            continue
        document = issue["fields"].get(DESCRIPTION.id) or {"type": "doc", "version": 1}
        added = {"type": "paragraph", "content": [{"type": "text", "text": rule["words"]}]}
        value = document | {"content": [*document.get("content", []), added]}
        change(replace(desk, account=ROBOT), issue, {DESCRIPTION.id: value})


def transition(desk: Desk, issue: Issue, new: Status, resolution: str | None) -> None:
    """Bring the issue into a status and give it a resolution, or none. Rules may bring it on."""
    old = status_of(desk.world, issue)
    if old == new:
        return
    now = desk.world.now().timestamp()
    changes = []
    if issue["resolution"] != resolution:
        changes.append(_change("resolution", issue["resolution"], resolution, RESOLUTIONS))
        issue["resolution"] = resolution
        issue["resolutiondate"] = now if resolution else None
    changes.append(_change("status", old.id, new.id, {each.id: each.name for each in (old, new)}))
    issue["status"] = new.id
    if old.category != new.category:
        issue["statuscategorychangedate"] = now
    _touch(desk, issue)
    _updated(desk, issue, changes, "issue_generic")
    _send_back(desk, issue, new)


def status_of(world: World, issue: Issue) -> Status:
    """The status that the issue is in."""
    project = project_by_key(issue["site"], issue["project"])
    return offered.status_of(world, project, issue["type"], issue["status"])


def _send_back(desk: Desk, issue: Issue, status: Status) -> None:
    """Let a rule of the project bring an issue out of a status that somebody else chose."""
    if desk.account == ROBOT:
        return
    place = {"site": issue["site"], "project": issue["project"], "status": status.name}
    project = project_by_key(issue["site"], issue["project"])
    for rule in desk.world.conditions.send_backs:
        for each in offered.workflow(desk.world, project, issue["type"]).statuses:
            if holds([rule], **place) and each.name == rule["to"]:
                transition(replace(desk, account=ROBOT), issue, each, None)


def move(desk: Desk, issue: Issue, project: Project) -> None:
    """Move the issue to another project: a new key, the same id, the old key still leads here.

    What the new project does not have, such as a component or a status, the issue loses.
    """
    old, status = issue["key"], status_of(desk.world, issue)
    issue["old_keys"] = [*issue["old_keys"], old]
    before, issue["project"] = issue["project"], project.key
    issue["key"] = records.new_key(desk.world, project)
    if issue["type"] not in project.type_names:
        issue["type"] = "Task"
    statuses = offered.workflow(desk.world, project, issue["type"]).statuses
    same = [each for each in statuses if each.name == status.name]
    issue["status"] = (same or statuses)[0].id
    issue["fields"] = {
        name: value for name, value in issue["fields"].items() if _fits_in(project, name, value)
    }
    _touch(desk, issue)
    changes = [_change("Key", None, None, {}) | {"fromString": old, "toString": issue["key"]}]
    changes.append(_change("project", before, project.key, {}))
    _updated(desk, issue, changes, "issue_moved")


def _fits_in(project: Project, name: str, value: Any) -> bool:
    field = FIELDS[name]
    if value is None or not callable(field.options):
        return True
    known = {each.id for each in known_options(field, project)}
    return set(value if isinstance(value, list) else [value]) <= known


def delete(desk: Desk, issue: Issue) -> None:
    """Delete the issue; its children have no parent then, the webhooks get its last state."""
    for child in _children(desk.world, issue):
        change(desk, child, {PARENT.id: None})
    records.drop(desk.world, issue)
    records.announce(desk.world, "jira:issue_deleted", issue, desk.account.id)


def subtasks(world: World, issue: Issue) -> list[Issue]:
    """The sub-tasks of the issue, which cannot be without it."""
    return [each for each in _children(world, issue) if _is_subtask(each)]


def _is_subtask(issue: Issue) -> bool:
    return types_of(project_by_key(issue["site"], issue["project"]))[issue["type"]].subtask


def _children(world: World, issue: Issue) -> list[Issue]:
    return [
        each
        for each in world.table("issues").values()
        if each["site"] == issue["site"] and each["fields"].get(PARENT.id) == issue["id"]
    ]


def forget_option(world: World, field_id: str, option: str) -> None:
    """Take an option that was deleted out of every issue; nobody is told of it."""
    for issue in list(world.table("issues").values()):
        value = issue["fields"].get(field_id)
        if value == option or (isinstance(value, list) and option in value):
            left = [each for each in value if each != option] if isinstance(value, list) else None
            if FIELDS[field_id].check == "cascade" and left is not None:
                left = [value[0], None] if value[0] != option else None
            issue["fields"] = {**issue["fields"], field_id: left}
            records.keep(world, issue)


def set_property(desk: Desk, issue: Issue, key: str, value: Any) -> bool:
    """Write a property; returns whether it is new. Raises JiraRefusal for an unfit one."""
    checked = checked_property(key, value)
    new = key not in issue["properties"]
    issue["properties"] = {**issue["properties"], key: checked}
    records.keep(desk.world, issue)
    actor = desk.account.id
    records.announce(desk.world, "issue_property_set", issue, actor, property_key=key)
    return new


def delete_property(desk: Desk, issue: Issue, key: str) -> None:
    """Take a property away. Raises JiraRefusal when there is none."""
    if key not in issue["properties"]:
        raise JiraRefusal(404, text("no_property", key=key))
    rest = {name: value for name, value in issue["properties"].items() if name != key}
    issue["properties"] = rest
    records.keep(desk.world, issue)
    actor = desk.account.id
    records.announce(desk.world, "issue_property_deleted", issue, actor, property_key=key)


def _new(
    desk: Desk,
    project: Project,
    type_name: str,
    values: dict[str, Any],
    properties: dict[str, Any],
) -> Issue:
    now = desk.world.now().timestamp()
    defaults = _defaults(desk, project, type_name)
    if types_of(project)[type_name].subtask:
        defaults |= _of_parent(desk, values)
    number = desk.world.next_number(f"issue:{project.site}", records.FIRST_ISSUE)
    return {
        "id": str(number),
        "site": project.site,
        "project": project.key,
        "key": records.new_key(desk.world, project),
        "old_keys": [],
        "type": type_name,
        "fields": defaults | {REPORTER.id: desk.account.id} | values,
        "status": offered.workflow(desk.world, project, type_name).statuses[0].id,
        "resolution": None,
        "resolutiondate": None,
        "created": now,
        "updated": now,
        "statuscategorychangedate": now,
        "creator": desk.account.id,
        "properties": properties,
        "links": [],
    }


def _defaults(desk: Desk, project: Project, type_name: str) -> dict[str, Any]:
    """Left out is not the same as null: Jira then takes the default."""
    shown = permissions.fields(desk.world, project, type_name).values()
    of_screen = {field.id: field.default for field, _ in shown if field.default is not None}
    everywhere: dict[str, Any] = {ASSIGNEE.id: project.default_assignee, "labels": []}
    if not project.team_managed:
        everywhere[PRIORITY.id] = PRIORITY.default
    return everywhere | of_screen


def _of_parent(desk: Desk, values: dict[str, Any]) -> dict[str, Any]:
    """A sub-task has the team of its parent."""
    parent = records.find(desk.world, desk.site, str(values.get(PARENT.id)))
    team = parent["fields"].get(TEAM.id) if parent else None
    return {} if team is None else {TEAM.id: team}


def _change(name: str, old: str | None, new: str | None, words: dict[str, str]) -> dict[str, Any]:
    return {
        "field": name,
        "fieldtype": "jira",
        "fieldId": name.lower(),
        "from": old,
        "fromString": words.get(old or "", old),
        "to": new,
        "toString": words.get(new or "", new),
    }


def _touch(desk: Desk, issue: Issue) -> None:
    issue["updated"] = desk.world.now().timestamp()
    records.keep(desk.world, issue)


def _updated(desk: Desk, issue: Issue, changes: list[dict[str, Any]], kind: str) -> None:
    actor = desk.account.id
    records.note(desk.world, issue, actor, changes)
    records.announce(desk.world, "jira:issue_updated", issue, actor, changes, type_name=kind)
