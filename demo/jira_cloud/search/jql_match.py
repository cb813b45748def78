"""Whether an issue fits a query, and in which order the results come."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.sites import types_of
from demo.jira_cloud.catalog.workflows import CATEGORIES, RESOLUTIONS
from demo.jira_cloud.issues.changelog import option_names
from demo.jira_cloud.search.held import HELD, field_of, known
from demo.jira_cloud.search.jql import BadJql, Both, Clause, Condition, Opposite, Query
from demo.jira_cloud.search.text_search import matches, phrases_of
from demo.jira_cloud.state import offered, permissions, records
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
_MOMENTS = {"created", "updated"}
_OPERATORS = dict.fromkeys(HELD, _EQUAL | _EMPTY) | {
    "created": set(_COMPARISONS),
    "updated": set(_COMPARISONS),
    "duedate": set(_COMPARISONS) | _EMPTY,
    "summary": {"~", "!~"},
    "text": {"~"},
    "hierarchylevel": _EQUAL,
}
_SPRINTS = {"opensprints()": "active", "futuresprints()": "future", "closedsprints()": "closed"}

Test = Callable[[Issue], bool]


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


def ordered(desk: Desk, query: Query, issues: list[Issue]) -> list[Issue]:
    """Sorted by ORDER BY, newest first without one."""
    order = query.order or (("id", True),)
    result = list(issues)
    for name, descends in reversed(order):
        field = known(name)
        result.sort(key=partial(_rank, desk, field), reverse=descends)
    return result


def _rank(desk: Desk, field: str, issue: Issue) -> tuple[bool, Any]:
    if field == "key":
        return (True, int(issue["id"]))
    held = HELD[field](desk, issue)
    return (bool(held), held[0] if held else "")


def _clause_test(desk: Desk, clause: Clause) -> Test:
    field = known(clause.field)
    if clause.operator not in _OPERATORS[field]:
        raise BadJql(text("jql_operator", operator=clause.operator, field=clause.field))
    held = partial(HELD[field], desk)
    if clause.operator in _EMPTY:
        return lambda issue: bool(held(issue)) == (clause.operator == "is not")
    if clause.operator in ("~", "!~"):
        phrases = phrases_of(clause.values[0])
        return lambda issue: matches(phrases, held(issue)[0]) == (clause.operator == "~")
    values = [each for value in clause.values for each in _operands(desk, field, value)]
    if field in _MOMENTS or field == "duedate":
        compare = _COMPARISONS[clause.operator]
        return lambda issue: any(compare(value, values[0]) for value in held(issue))
    wanted = clause.operator in ("=", "in")
    # A field without a value fits neither "is" nor "is not" that value.
    return lambda issue: bool(held(issue)) and bool(set(held(issue)) & set(values)) == wanted


def _operands(desk: Desk, field: str, value: str) -> list[Any]:
    """What a value of the query stands for: one thing, or what a function gives."""
    if field == "sprint":
        return _sprints(desk, value)
    return [_operand(desk, field, value)]


def _operand(desk: Desk, field: str, value: str) -> Any:
    if value.endswith("()"):
        return _function(desk, field, value)
    if field in _MOMENTS:
        return _moment(desk, field, value)
    if field == "duedate":
        return _day(desk, field, value)
    if field in ("key", "parent"):
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


def _sprints(desk: Desk, value: str) -> list[str]:
    """Sprints by a function, an id or a name."""
    every = [
        each for each in desk.world.table("sprints").values() if each["site"] == desk.site.slug
    ]
    if value.endswith("()"):
        state = _SPRINTS.get(value.lower())
        if state is None:
            raise BadJql(text("jql_function", name=value))
        return [str(each["id"]) for each in every if each["state"] == state]
    named = [str(each["id"]) for each in every if value in (str(each["id"]), each["name"])]
    if not named:
        raise BadJql(text("jql_value", value=value, field="sprint"))
    return named


def _named(desk: Desk, field: str, value: str) -> str:
    """A word of the field's own list: held by name, in lower case, and by id."""
    listed = _vocabulary(desk, field)
    if listed is None:
        return value
    if value.lower() not in listed:
        raise BadJql(text("jql_value", value=value, field=field))
    return listed[value.lower()]


def _vocabulary(desk: Desk, field: str) -> dict[str, str] | None:
    """What values of the field may be called, with what issues hold then; None is anything."""
    if field == "statuscategory":
        return _CATEGORY_WORDS
    if field == "resolution":
        pairs = list(RESOLUTIONS.items())
    elif field == "status":
        pairs = _statuses(desk)
    elif field == "issuetype":
        projects = permissions.projects(desk.world, desk.site)
        pairs = [(each.id, each.name) for home in projects for each in types_of(home).values()]
    elif (with_options := field_of(field)) is not None:
        projects = permissions.projects(desk.world, desk.site)
        homes = projects if callable(with_options.options) else projects[:1]
        pairs = [pair for home in homes for pair in option_names(home, with_options).items()]
    else:
        return None
    return {word: word for identity, name in pairs for word in (identity, name.lower())}


def _statuses(desk: Desk) -> list[tuple[str, str]]:
    return [
        (status.id, status.name)
        for project in permissions.projects(desk.world, desk.site)
        for type_name in project.type_names
        for status in offered.workflow(desk.world, project, type_name).statuses
    ]


_CATEGORY_WORDS = {
    word: key
    for key, (number, name, _) in CATEGORIES.items()
    for word in (key, str(number), name.lower())
}
