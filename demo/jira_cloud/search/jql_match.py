"""Whether an issue fits a query, and in which order the results come."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.sites import CATEGORIES, STATUSES, issue_types
from demo.jira_cloud.search.jql import BadJql, Both, Clause, Condition, Opposite, Query
from demo.jira_cloud.state import permissions, records
from demo.jira_cloud.state.records import Desk, Issue

_RELATIVE = re.compile(r"([+-]?\d+)([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DATES = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_EQUAL = {"=", "!=", "in", "not in"}
_EMPTY = {"is", "is not"}
# Field: what an issue holds for it, comparable with what `_operand` makes of a query's value.
_HELD: dict[str, Callable[[Issue], list[Any]]] = {
    "project": lambda issue: [issue["project"]],
    "key": lambda issue: [issue["id"]],
    "creator": lambda issue: [issue["creator"]],
    "reporter": lambda issue: _one(issue["fields"].get("reporter")),
    "assignee": lambda issue: _one(issue["fields"].get("assignee")),
    "status": lambda issue: [issue["status"]],
    "statuscategory": lambda issue: [STATUSES[issue["status"]].category],
    "issuetype": lambda issue: [issue["type"]],
    "labels": lambda issue: issue["fields"].get("labels") or [],
    "resolution": lambda issue: _one(issue["resolution"]),
    "created": lambda issue: [issue["created"]],
    "updated": lambda issue: [issue["updated"]],
    "duedate": lambda issue: _one(issue["fields"].get("duedate")),
    "summary": lambda issue: [issue["fields"]["summary"]],
}
_ALIASES = {
    "issuekey": "key",
    "issue": "key",
    "id": "key",
    "type": "issuetype",
    "due": "duedate",
    "createddate": "created",
    "updateddate": "updated",
}
_MOMENTS = {"created", "updated"}
_OPERATORS = dict.fromkeys(_HELD, _EQUAL | _EMPTY) | {
    "created": set(_COMPARISONS),
    "updated": set(_COMPARISONS),
    "duedate": set(_COMPARISONS) | _EMPTY,
    "summary": {"~", "!~"},
}

Test = Callable[[Issue], bool]


def _one(value: Any) -> list[Any]:
    return [] if value is None else [value]


def check_bounded(query: Query) -> None:
    """A query without any restriction is refused (jira-platform.md §2.7)."""
    if query.condition is None:
        raise BadJql(text("unbounded"))
    if len(query.order) > 7:
        raise BadJql(text("jql_syntax", reason="more than 7 fields to order by"))


def test_of(desk: Desk, condition: Condition) -> Test:
    """The condition as a function. Raises BadJql for unknown fields, operators and values."""
    match condition:
        case Clause():
            return _clause_test(desk, condition)
        case Opposite(part):
            inner = test_of(desk, part)
            return lambda issue: not inner(issue)
        case Both(parts, either):
            tests = [test_of(desk, part) for part in parts]
            combine = any if either else all
            return lambda issue: combine(test(issue) for test in tests)


def ordered(query: Query, issues: list[Issue]) -> list[Issue]:
    """Sorted by ORDER BY, newest first without one."""
    order = query.order or (("id", True),)
    result = list(issues)
    for name, descends in reversed(order):
        field = _known(name)
        result.sort(key=partial(_rank, field), reverse=descends)
    return result


def _rank(field: str, issue: Issue) -> tuple[bool, Any]:
    if field == "key":
        return (True, int(issue["id"]))
    held = _HELD[field](issue)
    return (bool(held), held[0] if held else "")


def _known(name: str) -> str:
    field = _ALIASES.get(name, name)
    # Entity properties are not searchable for 3LO apps: they are no fields either
    # (jira-platform.md §1.1).
    if field not in _HELD:
        raise BadJql(text("jql_field", field=name))
    return field


def _clause_test(desk: Desk, clause: Clause) -> Test:
    field = _known(clause.field)
    if clause.operator not in _OPERATORS[field]:
        raise BadJql(text("jql_operator", operator=clause.operator, field=clause.field))
    held = _HELD[field]
    if clause.operator in _EMPTY:
        return lambda issue: bool(held(issue)) == (clause.operator == "is not")
    values = [_operand(desk, field, value) for value in clause.values]
    if clause.operator in ("~", "!~"):
        part = str(values[0]).lower()
        return lambda issue: (part in held(issue)[0].lower()) == (clause.operator == "~")
    if field in _MOMENTS or field == "duedate":
        compare = _COMPARISONS[clause.operator]
        return lambda issue: any(compare(value, values[0]) for value in held(issue))
    wanted = clause.operator in ("=", "in")
    # A field without a value fits neither "is" nor "is not" that value.
    return lambda issue: bool(held(issue)) and bool(set(held(issue)) & set(values)) == wanted


def _operand(desk: Desk, field: str, value: str) -> Any:
    if value.endswith("()"):
        return _function(desk, field, value)
    if field in _MOMENTS:
        return _moment(desk, field, value)
    if field == "duedate":
        return _day(desk, field, value)
    if field == "key":
        return _issue_id(desk, field, value)
    if field in ("creator", "reporter", "assignee"):
        return _account(field, value)
    if field == "project":
        return _project(desk, field, value)
    return _named(desk, field, value)


def _function(desk: Desk, field: str, value: str) -> Any:
    name = value.lower()
    if name == "currentuser()" and field in ("creator", "reporter", "assignee"):
        return desk.account.id
    if name == "now()" and field in _MOMENTS:
        return desk.world.now().timestamp()
    raise BadJql(text("jql_function", name=value))


def _moment(desk: Desk, field: str, value: str) -> float:
    relative = _RELATIVE.fullmatch(value)
    now = desk.world.now()
    if relative:
        return (now + timedelta(**{_UNITS[relative[2]]: int(relative[1])})).timestamp()
    for form in _DATES:
        try:
            local = datetime.strptime(value, form).replace(tzinfo=ZoneInfo(desk.account.zone))
        except ValueError:
            continue
        # Absolute times are in the zone of whoever asks, which is a trap.
        return local.timestamp()
    raise BadJql(text("jql_date", value=value, field=field))


def _day(desk: Desk, field: str, value: str) -> str:
    return datetime.fromtimestamp(
        _moment(desk, field, value), ZoneInfo(desk.account.zone)
    ).strftime("%Y-%m-%d")


def _issue_id(desk: Desk, field: str, value: str) -> str:
    issue = records.visible(desk.world, desk.site, desk.account, value)
    if issue is None:
        raise BadJql(text("jql_issue", value=value, field=field))
    return str(issue["id"])


def _account(field: str, value: str) -> str:
    if value not in ACCOUNTS:
        raise BadJql(text("jql_value", value=value, field=field))
    return value


def _project(desk: Desk, field: str, value: str) -> str:
    for project in permissions.projects(desk.world, desk.site):
        fits = value in (project.id, project.name) or value.upper() == project.key
        if fits and permissions.allowed(desk.world, desk.account, permissions.BROWSE, project):
            return project.key
    raise BadJql(text("jql_value", value=value, field=field))


def _named(desk: Desk, field: str, value: str) -> str:
    if field in ("labels", "summary"):
        return value
    wanted = value.lower()
    for identity, names in _vocabulary(desk, field).items():
        if wanted in names:
            return identity
    raise BadJql(text("jql_value", value=value, field=field))


def _vocabulary(desk: Desk, field: str) -> dict[str, set[str]]:
    """What values of the field may be called, in lower case."""
    if field == "status":
        return {each.id: {each.id, each.name.lower()} for each in STATUSES.values()}
    if field == "statuscategory":
        return {key: {key, str(entry[0]), entry[1].lower()} for key, entry in CATEGORIES.items()}
    if field == "issuetype":
        kinds = issue_types(desk.site.slug)
        return {name: {name.lower(), kind.id} for name, kind in kinds.items()}
    return {"10000": {"done", "10000"}, "10001": {"won't do", "10001"}}
