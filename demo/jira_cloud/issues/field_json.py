"""The values of fields as an issue has them in JSON (jira-platform.md §11.3)."""

from collections.abc import Callable
from typing import Any, Protocol

from demo.jira_cloud.catalog.accounts import ACCOUNTS, Account
from demo.jira_cloud.catalog.fields import Field, known_options
from demo.jira_cloud.catalog.options import Option
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.catalog.teams import GROUPS, TEAMS
from demo.jira_cloud.issues.moments import moment
from demo.jira_cloud.state.world import World


class Writes(Protocol):
    """Writes for one site and one reader: `issue_json.Writer`."""

    world: World
    reader: Account
    api: str

    def user(self, account: Account) -> dict[str, Any]:
        """A person."""

    def option(self, field: Field, option: Option) -> dict[str, Any]:
        """One value of a list."""

    def linked(self, identity: str) -> dict[str, Any] | None:
        """Another issue."""


def written(writer: Writes, project: Project, field: Field, value: Any) -> Any:
    """The value in JSON."""
    if field.options:
        return _chosen(writer, project, field, value)
    write = _WRITTEN.get(field.check)
    if write is None:
        return value
    return [write(writer, each) for each in value] if field.is_list else write(writer, value)


def option(api: str, field: Field, value: Option) -> dict[str, Any]:
    """An option: a custom field's has a value, a system field's a name."""
    kind = str(field.schema.get("items", field.schema["type"]))
    place = "customFieldOption" if field.name_key == "value" else kind
    bean: dict[str, Any] = {
        "self": f"{api}/{place}/{value.id}",
        field.name_key: value.name,
        "id": value.id,
    }
    if kind == "version":
        bean |= {"archived": value.archived, "released": value.released}
    return bean


def _chosen(writer: Writes, project: Project, field: Field, value: Any) -> Any:
    known = known_options(field, project)
    by_id = {each.id: each for each in known}
    if field.check == "option":
        return writer.option(field, by_id[value])
    if field.check == "options":
        return [writer.option(field, by_id[each]) for each in value]
    parent, child = by_id[value[0]], value[1]
    bean = writer.option(field, parent)
    if child is not None:
        chosen = next(each for each in parent.children if each.id == child)
        bean["child"] = writer.option(field, chosen)
    return bean


def _group(writer: Writes, identity: str) -> dict[str, Any]:
    name = GROUPS[identity]
    return {"name": name, "groupId": identity, "self": f"{writer.api}/group?groupId={identity}"}


def _sprint(writer: Writes, number: int) -> dict[str, Any]:
    sprint = writer.world.table("sprints")[str(number)]
    return {
        "id": number,
        "name": sprint["name"],
        "state": sprint["state"],
        "boardId": sprint["board"],
        "goal": "",
        "startDate": moment(sprint["starts"], "UTC"),
    }


def _team(_: Writes, identity: str) -> dict[str, Any]:
    return {"id": identity, "name": TEAMS[identity].name, "isVisible": True}


def _user(writer: Writes, identity: str) -> dict[str, Any]:
    return writer.user(ACCOUNTS[identity])


# Whatever is not here is written as it is kept.
_WRITTEN: dict[str, Callable[[Writes, Any], Any]] = {
    "assignee": _user,
    "person": _user,
    "people": _user,
    "group": _group,
    "groups": _group,
    "team": _team,
    "parent": lambda writer, identity: writer.linked(identity),
    "sprint": lambda writer, numbers: [_sprint(writer, number) for number in numbers],
    "moment": lambda writer, seconds: moment(seconds, writer.reader.zone),
}
