"""The kinds of fields that a mapping may fill, a row each. What is in no row is unsupported. Pure.

Which kind a field is follows from its schema alone (jira-platform.md §11.3).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.jira import field_json
from app.services.field_values import parsing
from app.services.field_values.field_kind import Around, Input, Kind, Lack, NotSent, Sprint
from app.services.field_values.parsing import FACILITATOR, OWNER, ROLES
from app.services.field_values.schemas import PLANNING, Schema
from app.services.field_values.value_tokens import DAYS, filled, filled_in_address


def _label(value: Any) -> str:
    return str(value["label"])


def _labels(values: Any) -> str:
    return ", ".join(map(_label, values))


def _both_levels(value: Any) -> str:
    child = value["child"]
    return f"{value['label']}, {child['label']}" if child else str(value["label"])


def _moment_words(value: str) -> str:
    return f"{datetime.fromisoformat(value):%-d %B %Y, %H:%M} UTC"


def _person_words(value: Any) -> str:
    if "role" not in value:
        return _label(value)
    fallback = value["fallback"]
    return f"{ROLES[value['role']]}, else {_label(fallback)}" if fallback else ROLES[value["role"]]


def _sprint_words(value: Any) -> str:
    return f"Active sprint of the board of {value['label']}" if value["label"] else "Active sprint"


def _filled(text: str, around: Around) -> str:
    found = filled(text, around.item).strip()
    if not found:
        raise NotSent(Lack.EMPTY)
    return found


def _line(value: str, around: Around) -> str:
    return field_json.line(_filled(value, around))


def _document(value: str, around: Around) -> Mapping[str, Any]:
    return field_json.document(_filled(value, around))


def _link(value: str, around: Around) -> str:
    """Words within an address are escaped; an address that stands alone is one already."""
    if value == "{link}":
        return _filled(value, around)
    return filled_in_address(value, around.item)


def _day(value: str, around: Around) -> str:
    if value in {f"{{{token}}}" for token in DAYS}:
        return _filled(value, around)
    return value


def _words(values: Sequence[str], around: Around) -> list[str]:
    """Labels as Jira takes them: without spaces, which a token may bring."""
    found = ["-".join(filled(each, around.item).split()) for each in values]
    cut = [each[: parsing.LONGEST_LABEL] for each in found if each.strip("-")]
    if not cut:
        raise NotSent(Lack.EMPTY)
    return list(dict.fromkeys(cut))


def _person(value: Any, around: Around) -> Mapping[str, str]:
    if "role" not in value:
        return field_json.person(value["id"])
    accounts = {
        OWNER: around.item.owner_account,
        FACILITATOR: around.item.facilitator_account,
    }
    account = accounts[value["role"]] or (value["fallback"] or {}).get("id")
    if account is None:
        raise NotSent(Lack.NOT_MATCHED)
    return field_json.person(account)


def _sprint(value: Any, around: Around) -> int:
    return chosen_sprint(value, around.sprints)


def chosen_sprint(value: Any, sprints: Sequence[Sprint]) -> int:
    """The id of the one that a value in stored form stands for. Raises NotSent."""
    wanted = value["board"]
    found = [each for each in sprints if wanted in {None, each.board}]
    if not found:
        raise NotSent(Lack.NO_SPRINT)
    if len(found) > 1 and wanted is None:
        raise NotSent(Lack.SEVERAL_SPRINTS)
    return found[0].id


def _ids(values: Any) -> list[str]:
    return [str(each["id"]) for each in values]


def _by_id(value: Any, _: Around) -> Mapping[str, str]:
    return field_json.by_id(value["id"])


def _by_ids(values: Any, _: Around) -> list[dict[str, str]]:
    return field_json.by_ids(_ids(values))


def _of(what: str, type_: str, items: str = "") -> frozenset[Schema]:
    return frozenset({Schema(type_, items, what)})


_TEAM_FIELDS = (
    "atlassian-team",
    "com.atlassian.teams:rm-teams-custom-field-team",
    "com.atlassian.teams:rm-team-custom-field-team",
)

KINDS = (
    Kind(
        "text", "Text", _of("textfield", "string"), Input.LINE, parsing.line, str, _line,
    ),
    Kind(
        "paragraph", "Text", _of("textarea", "string") | _of("environment", "string"), Input.BOX,
        parsing.text, str, _document,
    ),
    Kind(
        "number", "Number",
        _of("float", "number") | _of(f"{PLANNING}jsw-story-points", "number"), Input.NUMBER,
        parsing.number, str, lambda value, _: value,
    ),
    Kind("date", "A date", _of("datepicker", "date"), Input.DAY, parsing.day, str, _day),
    Kind(
        "datetime", "A date and time", _of("datetime", "datetime"), Input.MOMENT, parsing.moment,
        _moment_words, lambda value, _: field_json.moment(datetime.fromisoformat(value)),
    ),
    Kind("url", "Link", _of("url", "string"), Input.LINE, parsing.link, str, _link),
    Kind(
        "select", "One of a list", _of("select", "option"), Input.ONE, parsing.one, _label,
        _by_id,
    ),
    Kind(
        "radio", "One of a list", _of("radiobuttons", "option"), Input.ONE, parsing.one, _label,
        _by_id,
    ),
    Kind(
        "multi-select", "Several of a list", _of("multiselect", "array", "option"), Input.SEVERAL,
        parsing.several, _labels, _by_ids,
    ),
    Kind(
        "check-boxes", "Several of a list", _of("multicheckboxes", "array", "option"),
        Input.SEVERAL, parsing.several, _labels, _by_ids,
    ),
    Kind(
        "cascading", "Two levels", _of("cascadingselect", "option-with-child"), Input.TWO_LEVELS,
        parsing.two_levels, _both_levels,
        lambda value, _: field_json.two_levels(
            value["id"], value["child"]["id"] if value["child"] else None
        ),
    ),
    Kind(
        "user", "A person", _of("userpicker", "user"), Input.PERSON, parsing.person,
        _person_words, _person,
    ),
    Kind(
        "reporter", "A person", _of("reporter", "user"), Input.PERSON, parsing.person,
        _person_words, _person, "MODIFY_REPORTER",
    ),
    Kind(
        "users", "People", _of("multiuserpicker", "array", "user"), Input.PEOPLE,
        parsing.several_searched, _labels, lambda value, _: field_json.people(_ids(value)),
    ),
    Kind(
        "group", "A group", _of("grouppicker", "group"), Input.GROUP, parsing.searched, _label,
        lambda value, _: field_json.group(value["id"]),
    ),
    Kind(
        "groups", "Groups", _of("multigrouppicker", "array", "group"), Input.GROUPS,
        parsing.several_searched, _labels, lambda value, _: field_json.groups(_ids(value)),
    ),
    Kind(
        "version", "One of a list", _of("version", "version"), Input.ONE, parsing.one, _label,
        _by_id,
    ),
    Kind(
        "versions", "Several of a list",
        _of("multiversion", "array", "version") | _of("fixVersions", "array", "version")
        | _of("versions", "array", "version"),
        Input.SEVERAL, parsing.several, _labels,
        _by_ids,
    ),
    Kind(
        "components", "Several of a list", _of("components", "array", "component"), Input.SEVERAL,
        parsing.several, _labels, _by_ids,
    ),
    Kind(
        "priority", "One of a list", _of("priority", "priority"), Input.ONE, parsing.one, _label,
        _by_id,
    ),
    Kind(
        "security-level", "One of a list", _of("security", "securitylevel"), Input.ONE,
        parsing.one, _label, _by_id,
        "SET_ISSUE_SECURITY",
    ),
    Kind(
        "labels", "Words",
        _of("labels", "array", "string"), Input.LABELS, parsing.labels, " ".join, _words,
    ),
    Kind(
        "parent", "An issue above", _of("parent", "issuelink"), Input.ISSUE, parsing.searched,
        _label, _by_id,
    ),
    Kind(
        "sprint", "Looked up when sending",
        _of(f"{PLANNING}gh-sprint", "array", "json")
        | _of(f"{PLANNING}gh-sprint", "array", "string"),
        Input.SPRINT, parsing.sprint, _sprint_words, _sprint, "SCHEDULE_ISSUES",
    ),
    Kind(
        "team", "An Atlassian team",
        frozenset(Schema(type_, "", what) for what in _TEAM_FIELDS for type_ in ("team", "any")),
        Input.TEAM, parsing.searched, _label, lambda value, _: value["id"],
    ),
    Kind(
        "project", "One of a list", _of("project", "project"), Input.ONE, parsing.one, _label,
        _by_id,
    ),
)  # fmt: skip
BY_CODE = {kind.code: kind for kind in KINDS}
_BY_SCHEMA = {schema: kind for kind in KINDS for schema in kind.schemas}

# Why a field can be filled by a person in Jira alone, where more is known than that.
_WHY_NOT = {
    "readonlyfield": "Jira lets nobody set it",
    "attachment": "files are added in Jira",
    "issuelinks": "links are made in Jira",
    "timetracking": "Unpack does not track time",
    f"{PLANNING}gh-epic-link": "Jira has replaced it by Parent",
}


def kind_of(schema: Schema) -> Kind | None:
    """The kind of a field; None for one that Unpack does not fill."""
    return _BY_SCHEMA.get(schema) if schema.settable else None


def why_unsupported(schema: Schema) -> str:
    """Why there is no kind for it, after the field's name."""
    if schema.what in _WHY_NOT:
        return _WHY_NOT[schema.what]
    if not schema.settable:
        return "Jira lets nobody set it"
    if ":" in schema.what:
        return "it belongs to an app"
    return "Unpack does not fill fields of this kind"
