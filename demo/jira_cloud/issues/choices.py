"""Values that are chosen: options, versions, people, groups, teams, sprints, a parent.

Source: jira-platform.md §11.3, §11.7, §11.9, §11.11.
"""

from collections.abc import Callable
from typing import Any

from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account
from demo.jira_cloud.catalog.fields import Field
from demo.jira_cloud.catalog.options import Option
from demo.jira_cloud.catalog.sites import types_of
from demo.jira_cloud.catalog.teams import GROUPS, TEAMS
from demo.jira_cloud.issues.bad_value import UNNAMED, BadValue, Place
from demo.jira_cloud.state import offered, records, sprints
from demo.jira_cloud.state.permissions import ASSIGNABLE, allowed

LONGEST_LIST = 1_000


def option(place: Place, field: Field, value: Any) -> str:
    """One of the list, by id or by name."""
    return _chosen(_offered(place, field), field, value).id


def options(place: Place, field: Field, value: Any) -> list[str]:
    """Some of the list, each once."""
    known = _offered(place, field)
    return _each(value, lambda entry: _chosen(known, field, entry).id)


def cascade(place: Place, field: Field, value: Any) -> list[str | None]:
    """A parent, and perhaps a child of this very parent."""
    if not isinstance(value, dict) or set(value) - {"id", "value", "child"}:
        raise BadValue(text("bad_value", name=field.name))
    parent_part = {name: given for name, given in value.items() if name != "child"}
    parent = _chosen(_offered(place, field), field, parent_part)
    child = value.get("child")
    if child is None:
        return [parent.id, None]
    return [parent.id, _chosen(list(parent.children), field, child, of=parent).id]


def assignee(place: Place, field: Field, value: Any) -> str | None:
    """Who may be assigned issues of the project; null is nobody, "-1" the project's default."""
    identity = None if value in (None, {"accountId": None}) else _account_id(field, value)
    if identity is None:
        if not place.project.allows_unassigned:
            raise BadValue(text("unassigned"))
        return None
    if identity == "-1":
        return place.project.default_assignee
    account = ACCOUNTS.get(identity)
    if account is None or not allowed(place.desk.world, account, ASSIGNABLE, place.project):
        raise BadValue(text("not_assignable", account=identity))
    return account.id


def person(place: Place, field: Field, value: Any) -> str:
    """An active person of the site."""
    identity = _account_id(field, value)
    account = ACCOUNTS.get(identity)
    if account is None or not _is_on_site(account, place):
        raise BadValue(text("no_person", account=identity))
    return account.id


def people(place: Place, field: Field, value: Any) -> list[str]:
    """Several of them."""
    return _each(value, lambda entry: person(place, field, entry))


def group(_: Place, field: Field, value: Any) -> str:
    """A group by its name; whether an id would do is not known (jira-platform.md §11.22)."""
    if not isinstance(value, dict) or set(value) != {"name"}:
        raise BadValue(text("bad_value", name=field.name))
    for identity, name in GROUPS.items():
        if name == value["name"]:
            return identity
    raise BadValue(text("no_group", name=value["name"]))


def groups(place: Place, field: Field, value: Any) -> list[str]:
    """Several of them."""
    return _each(value, lambda entry: group(place, field, entry))


def team(place: Place, field: Field, value: Any) -> str:
    """The id alone, as text. A sub-task has its parent's."""
    if _level(place) < 0:
        raise BadValue(text("not_on_screen", field=field.id))
    if not isinstance(value, str) or value not in TEAMS:
        raise BadValue(text("no_team", value=value))
    return value


def sprint(place: Place, _: Field, value: Any) -> list[int]:
    """A bare number. What is wrong is said without the field's name."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadValue(text("not_a_sprint"), UNNAMED)
    found = sprints.find(place.desk.world, place.project.site, value)
    if found is None or found["state"] == "closed":
        raise BadValue(text("no_sprint", number=value), UNNAMED)
    return [value]


def parent(place: Place, _: Field, value: Any) -> str:
    """An issue one level up: of the same project for sub-tasks and in team-managed projects."""
    if not isinstance(value, dict) or len(value) != 1 or not set(value) <= {"id", "key"}:
        raise BadValue(text("parent_unknown"))
    asked = next(iter(value.values()))
    desk = place.desk
    found = None
    if isinstance(asked, str):
        found = records.visible(desk.world, desk.site, desk.account, asked)
    if found is None or asked not in (found["id"], found["key"]):
        raise BadValue(text("parent_unknown"))
    home = records.project_of(desk.world, desk.site, found)
    stays = _level(place) < 0 or place.project.team_managed
    elsewhere = home is None or (home != place.project and (stays or home.team_managed))
    if elsewhere or home is None or types_of(home)[found["type"]].level != _level(place) + 1:
        raise BadValue(text("wrong_parent"), "parentId")
    return str(found["id"])


def _offered(place: Place, field: Field) -> list[Option]:
    desk = place.desk
    every = offered.options(desk.world, desk.account, place.project, field)
    return [each for each in every if not each.archived]


def _chosen(known: list[Option], field: Field, value: Any, of: Option | None = None) -> Option:
    if not isinstance(value, dict) or len(value) != 1 or set(value) - {"id", field.name_key}:
        raise BadValue(text("bad_value", name=field.name))
    given = next(iter(value.values()))
    for each in known:
        if given == (each.id if "id" in value else each.name):
            return each
    if of is not None:
        raise BadValue(text("no_child", value=given, parent=of.name))
    raise BadValue(text("no_option" if "id" in value else "bad_option", value=given))


def _each(value: Any, read: Callable[[Any], str]) -> list[str]:
    if not isinstance(value, list) or len(value) > LONGEST_LIST:
        raise BadValue(text("not_an_array"))
    return list(dict.fromkeys(read(entry) for entry in value))


def _account_id(field: Field, value: Any) -> str:
    fits = isinstance(value, dict) and set(value) == {"accountId"}
    if not fits or not isinstance(value["accountId"], str):
        raise BadValue(text("bad_value", name=field.name))
    return str(value["accountId"])


def _is_on_site(account: Account, place: Place) -> bool:
    return account.active and account.kind == "atlassian" and place.project.site in account.sites


def _level(place: Place) -> int:
    return types_of(place.project)[place.type_name].level
