"""Reading the bodies of create and edit requests, and saying what is wrong with them."""

import json
from dataclasses import dataclass
from typing import Any

from demo.jira_cloud.answers.refusals import BareRefusal, JiraRefusal
from demo.jira_cloud.answers.texts import Text, text
from demo.jira_cloud.catalog.fields import FIELDS, PARENT, REPORTER, Field
from demo.jira_cloud.catalog.sites import Project, types_of
from demo.jira_cloud.issues.bad_value import UNNAMED, BadValue, Place
from demo.jira_cloud.issues.kinds import check
from demo.jira_cloud.state import permissions
from demo.jira_cloud.state.conditions import holds
from demo.jira_cloud.state.records import Desk

PROPERTY_LIMIT = 32_768
_PARTS = {"fields", "update", "properties", "transition", "historyMetadata"}


@dataclass(frozen=True)
class Amendment:
    """What `update` does to the values of a field, in order: add, remove or set each."""

    steps: tuple[tuple[str, Any], ...]


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
        given[name] = _amendment(operations)
    return given


def _amendment(operations: Any) -> Any:
    """The value of a single `set`, else the steps."""
    steps = []
    for operation in operations if isinstance(operations, list) else [None]:
        if not isinstance(operation, dict) or len(operation) != 1:
            raise BareRefusal(400, text("bad_payload"))
        [(verb, value)] = operation.items()
        if verb not in ("add", "remove", "set"):
            raise BareRefusal(400, text("bad_payload"))
        steps.append((verb, value))
    if not steps:
        raise BareRefusal(400, text("bad_payload"))
    return steps[0][1] if [verb for verb, _ in steps] == ["set"] else Amendment(tuple(steps))


def checked_values(
    desk: Desk,
    project: Project,
    type_name: str,
    given: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """What is kept of the given fields.

    before: the issue's fields; None for a new issue, which then also needs its required fields and
    has to pass its validators. Raises JiraRefusal with everything that is wrong.
    """
    place = Place(desk, project, type_name)
    values, errors, messages = _checked(place, given, before or {}, creating=before is None)
    for field in _missing_fields(place, given, values, creating=before is None):
        errors.setdefault(field.id, _missing(field))
    if not errors and not messages and before is None:
        messages = _demands(place, values)
    if errors or messages:
        raise JiraRefusal(400, *messages, errors=errors)
    return values


def _checked(
    place: Place, given: dict[str, Any], before: dict[str, Any], *, creating: bool
) -> tuple[dict[str, Any], dict[str, Text], list[Text]]:
    desk = place.desk
    may_be_set = permissions.settable(desk.world, desk.account, place.project, place.type_name)
    values: dict[str, Any] = {}
    errors: dict[str, Text] = {}
    messages: list[Text] = []
    for name, value in given.items():
        if name not in may_be_set:
            errors[name] = text("not_on_screen", field=name)
            continue
        field = may_be_set[name][0]
        try:
            if value is not None and _is_refused(place, name, creating):
                raise BadValue(text("bad_value", name=field.name))
            if isinstance(value, Amendment):
                values[name] = _amended(place, field, value, before.get(name) or [])
            else:
                values[name] = check(place, field, value)
        except BadValue as bad:
            if bad.under == UNNAMED:
                messages.append(bad.sentence)
            else:
                errors[bad.under or name] = bad.sentence
    return values, errors, messages


def _is_refused(place: Place, name: str, creating: bool) -> bool:
    refused = place.desk.world.conditions.fields_refused
    when = "create" if creating else "edit"
    return holds(refused, field=name, when=when, **_asked(place))


def _asked(place: Place) -> dict[str, str]:
    project = place.project
    return {"site": project.site, "project": project.key, "type": place.type_name}


def _amended(place: Place, field: Field, amendment: Amendment, before: list[Any]) -> list[Any]:
    kept = list(before)
    for verb, value in amendment.steps:
        if verb not in field.operations or not field.is_list:
            raise BadValue(text("not_on_screen", field=field.id))
        if verb == "set":
            kept = list(check(place, field, value) or [])
            continue
        [each] = check(place, field, [value])
        kept = [other for other in kept if other != each] + ([each] if verb == "add" else [])
    return kept


def _missing_fields(
    place: Place, given: dict[str, Any], values: dict[str, Any], *, creating: bool
) -> list[Field]:
    """The required fields that are empty then; of an issue that exists, those that were given.

    A value that was refused is not missing as well.
    """
    screen = permissions.fields(place.desk.world, place.project, place.type_name)
    is_subtask = types_of(place.project)[place.type_name].subtask
    return [
        field
        for field, required in screen.values()
        if required
        and field.check != "target"
        and (field.id in values or (creating and field.id not in given))
        and _is_empty(values.get(field.id))
        and not (field.id not in given and _is_filled_in(field))
        and not (is_subtask and field.check == "team")
    ]


def _is_filled_in(field: Field) -> bool:
    """Whether Jira itself gives a value to what is left out."""
    return field.default is not None or field.id == REPORTER.id


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _missing(field: Field) -> Text:
    return text("parent_missing" if field.id == PARENT.id else "required", name=field.name)


def _demands(place: Place, values: dict[str, Any]) -> list[Text]:
    """What validators of the workflow say; no screen shows them (jira-platform.md §11.1)."""
    messages = []
    for demand in place.desk.world.conditions.demands:
        empty = _is_empty(values.get(demand["field"]))
        if holds([demand], **_asked(place)) and empty == demand["filled"]:
            sentence = "validator" if demand["filled"] else "validator_no"
            messages.append(text(sentence, name=FIELDS[demand["field"]].name))
    return messages


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
