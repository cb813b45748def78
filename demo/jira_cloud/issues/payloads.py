"""Reading the bodies of create and edit requests, and saying what is wrong with them."""

import json
from typing import Any

from demo.jira_cloud.answers.refusals import BareRefusal, JiraRefusal
from demo.jira_cloud.answers.texts import Text, text
from demo.jira_cloud.catalog.screens import PARENT, REPORTER, Field
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.issues.values import BadValue, Place, check
from demo.jira_cloud.state import permissions
from demo.jira_cloud.state.records import Desk

PROPERTY_LIMIT = 32_768
_PARTS = {"fields", "update", "properties", "transition", "historyMetadata"}


def read_target(desk: Desk, given: dict[str, Any]) -> tuple[Project, str]:
    """The project and type named by the fields, which are taken out of them."""
    wanted, kind = given.pop("project", None), given.pop("issuetype", None)
    project = _named_project(desk, wanted)
    missing = {} if kind else {"issuetype": text("no_issue_type")}
    if project is None:
        raise JiraRefusal(400, errors={"project": text("project")} | missing)
    if not permissions.allowed(desk.world, desk.account, permissions.CREATE, project):
        raise JiraRefusal(desk.world.conditions.create_denied_status, text("create_denied"))
    if missing:
        raise JiraRefusal(400, errors=missing)
    type_name = _named_type(desk, project, kind)
    if type_name is None:
        raise JiraRefusal(400, errors={"issuetype": text("issue_type")})
    return project, type_name


def _named_project(desk: Desk, wanted: Any) -> Project | None:
    if not isinstance(wanted, dict) or set(wanted) not in ({"id"}, {"key"}):
        return None
    asked = next(iter(wanted.values()))
    if not isinstance(asked, str):
        return None
    return permissions.find_project(desk.world, desk.site, desk.account, asked)


def _named_type(desk: Desk, project: Project, kind: Any) -> str | None:
    if not isinstance(kind, dict) or set(kind) not in ({"id"}, {"name"}):
        return None
    if "id" in kind:
        return permissions.type_name_of(desk.world, project, kind["id"])
    return kind["name"] if kind["name"] in permissions.type_names(desk.world, project) else None


def read_fields(payload: Any) -> dict[str, Any]:
    """The fields of a request, those under `update` included."""
    if not isinstance(payload, dict) or not set(payload) <= _PARTS:
        raise BareRefusal(400, text("bad_payload"))
    fields, update = payload.get("fields") or {}, payload.get("update") or {}
    if not isinstance(fields, dict) or not isinstance(update, dict):
        raise BareRefusal(400, text("bad_payload"))
    given = dict(fields)
    for name, operations in update.items():
        if name in fields:
            raise JiraRefusal(400, errors={name: text("field_twice", field=name)})
        given[name] = _set_operation(operations)
    return given


def _set_operation(operations: Any) -> Any:
    if isinstance(operations, list) and len(operations) == 1 and isinstance(operations[0], dict):
        operation = operations[0]
        if set(operation) == {"set"}:
            return operation["set"]
    raise BareRefusal(400, text("bad_payload"))


def checked_values(
    desk: Desk, project: Project, type_name: str, given: dict[str, Any], *, creating: bool
) -> dict[str, Any]:
    screen = permissions.fields(desk.world, project, type_name)
    may_be_set = permissions.settable(desk.world, desk.account, project, type_name)
    settable = {name: field for name, (field, _) in may_be_set.items()}
    errors: dict[str, Text] = {}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in settable:
            errors[name] = text("not_on_screen", field=name)
            continue
        try:
            values[name] = check(Place(desk.world, project), settable[name], value)
        except BadValue as bad:
            errors[name] = bad.sentence
    for field, required in screen.values():
        demanded = required and field.id in settable and field.id != REPORTER.id
        present = creating or field.id in given
        unfilled = values.get(field.id) in (None, "", [])
        if demanded and present and unfilled and not _default_steps_in(field, given):
            errors.setdefault(field.id, _missing(field))
    if errors:
        raise JiraRefusal(400, errors=errors)
    return values


def _default_steps_in(field: Field, given: dict[str, Any]) -> bool:
    return field.has_default and field.id not in given


def _missing(field: Field) -> Text:
    if field.id == PARENT.id:
        return text("parent_missing")
    return text("required", name=field.name)


def cannot_be_set(given: dict[str, Any]) -> JiraRefusal:
    return JiraRefusal(400, errors={name: text("not_on_screen", field=name) for name in given})


def read_properties(entries: Any) -> dict[str, Any]:
    if not isinstance(entries, list):
        raise BareRefusal(400, text("bad_payload"))
    properties: dict[str, Any] = {}
    for entry in entries:
        fits = isinstance(entry, dict) and set(entry) == {"key", "value"}
        if not fits or entry["key"] in properties:
            raise BareRefusal(400, text("bad_payload"))
        properties[entry["key"]] = checked_property(entry["key"], entry["value"])
    return properties


def checked_property(key: Any, value: Any) -> Any:
    if not isinstance(key, str) or not 0 < len(key) <= 255:
        raise JiraRefusal(400, text("property_key"))
    if value is None or value == "" or len(json.dumps(value)) > PROPERTY_LIMIT:
        raise JiraRefusal(400, text("property_value"))
    return value
