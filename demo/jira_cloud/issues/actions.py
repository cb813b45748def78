"""Creating, editing, moving, transitioning and deleting issues, by Jira's rules."""

from collections.abc import Container
from dataclasses import replace
from typing import Any

from demo.jira_cloud.answers.refusals import BareRefusal, JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ROBOT
from demo.jira_cloud.catalog.screens import ASSIGNEE, DESCRIPTION, REPORTER
from demo.jira_cloud.catalog.sites import RESOLUTIONS, STATUSES, Project
from demo.jira_cloud.issues.changelog import described
from demo.jira_cloud.issues.payloads import (
    cannot_be_set,
    checked_property,
    checked_values,
    read_fields,
    read_properties,
    read_target,
)
from demo.jira_cloud.state import permissions, records
from demo.jira_cloud.state.conditions import EVERY
from demo.jira_cloud.state.records import Desk, Issue
from demo.jira_cloud.state.world import World

FIRST_STATUS = "10000"


def create(desk: Desk, payload: Any) -> Issue:
    """Create one issue from the body of a create request. Raises JiraRefusal."""
    if not isinstance(payload, dict) or not payload.get("fields"):
        raise BareRefusal(400, text("no_payload"))
    given = read_fields(payload)
    project, type_name = read_target(desk, given)
    properties = read_properties(payload.get("properties", []))
    values = checked_values(desk, project, type_name, given, creating=True)
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
    values = checked_values(desk, project, issue["type"], given, creating=False)
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
        changes = [described(name, before.get(name), value) for name, value in changed.items()]
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


def transition(desk: Desk, issue: Issue, status_id: str) -> None:
    """Bring the issue into a status; the resolution follows the workflow."""
    old, new = STATUSES[issue["status"]], STATUSES[status_id]
    if old == new:
        return
    now = desk.world.now().timestamp()
    changes = []
    if issue["resolution"] != new.resolution:
        changes.append(_change("resolution", issue["resolution"], new.resolution, RESOLUTIONS))
        issue["resolution"] = new.resolution
        issue["resolutiondate"] = now if new.resolution else None
    changes.append(_change("status", old.id, new.id, {each.id: each.name for each in (old, new)}))
    issue["status"] = new.id
    if old.category != new.category:
        issue["statuscategorychangedate"] = now
    _touch(desk, issue)
    _updated(desk, issue, changes, "issue_generic")


def move(desk: Desk, issue: Issue, project: Project) -> None:
    """Move the issue to another project: a new key, the same id, the old key still leads here."""
    old = issue["key"]
    issue["old_keys"] = [*issue["old_keys"], old]
    before, issue["project"] = issue["project"], project.key
    issue["key"] = records.new_key(desk.world, project)
    if issue["type"] not in project.type_names:
        issue["type"] = "Task"
    _touch(desk, issue)
    changes = [_change("Key", None, None, {}) | {"fromString": old, "toString": issue["key"]}]
    changes.append(_change("project", before, project.key, {}))
    _updated(desk, issue, changes, "issue_moved")


def delete(desk: Desk, issue: Issue) -> None:
    """Delete the issue; the webhooks get its last state."""
    records.drop(desk.world, issue)
    records.announce(desk.world, "jira:issue_deleted", issue, desk.account.id)


def subtasks(world: World, issue: Issue) -> list[Issue]:
    """The issues that have this one as their parent."""
    return [
        each
        for each in world.table("issues").values()
        if each["site"] == issue["site"] and each["fields"].get("parent") == issue["id"]
    ]


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
    # Left out is not the same as null: Jira then takes the project's default.
    defaults: dict[str, Any] = {
        ASSIGNEE.id: project.default_assignee,
        "priority": "3",
        "labels": [],
    }
    number = desk.world.next_number(f"issue:{project.site}", records.FIRST_ISSUE)
    return {
        "id": str(number),
        "site": project.site,
        "project": project.key,
        "key": records.new_key(desk.world, project),
        "old_keys": [],
        "type": type_name,
        "fields": defaults | {REPORTER.id: desk.account.id} | values,
        "status": FIRST_STATUS,
        "resolution": None,
        "resolutiondate": None,
        "created": now,
        "updated": now,
        "statuscategorychangedate": now,
        "creator": desk.account.id,
        "properties": properties,
        "links": [],
    }


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
