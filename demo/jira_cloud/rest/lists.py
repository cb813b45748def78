"""REST: what a field may be filled with, a page at a time or while somebody types.

Source: jira-platform.md §11.3, §11.6, §11.11.
"""

from collections.abc import Callable, Iterable
from typing import Any

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.fields import FIELDS, KINDS, LABELS, Field
from demo.jira_cloud.catalog.options import Option
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.catalog.teams import TEAMS
from demo.jira_cloud.catalog.workflows import RESOLUTIONS
from demo.jira_cloud.issues.marking import begins, marked
from demo.jira_cloud.rest.gateway import READ, Call, rest
from demo.jira_cloud.state import offered, permissions, records
from demo.jira_cloud.traffic.exchange import Answer

MOST_SUGGESTIONS = 15
_SOURCES = ("jira", "compass", "auto")
_VERSION_STATES: dict[str, Callable[[Option], bool]] = {
    "archived": lambda version: version.archived,
    "released": lambda version: version.released and not version.archived,
    "unreleased": lambda version: not version.released and not version.archived,
}
# A value, and what people read of it.
Pair = tuple[str, str]


@rest(
    "components",
    "GET",
    "/project/<project>/component",
    READ,
    query="startAt maxResults orderBy componentSource query",
)
def components(call: Call) -> Answer:
    """Compass has its own, which only `componentSource` shows."""
    project = _project(call)
    source = call.query.get("componentSource", "jira")
    if source not in _SOURCES:
        raise JiraRefusal(400, text("bad_parameter", name="componentSource"))
    listed = offered.components(call.desk.world, project, from_compass=source != "jira")
    beans = [_component(call, project, each) for each in listed if _fits(call, each)]
    return _page(call, beans)


@rest(
    "versions",
    "GET",
    "/project/<project>/version",
    READ,
    query="startAt maxResults orderBy query status expand",
)
def versions(call: Call) -> Answer:
    """All of them, or those of some states."""
    project, asked = _project(call), call.words("status")
    if set(asked) - set(_VERSION_STATES):
        raise JiraRefusal(400, text("bad_parameter", name="status"))
    desk = call.desk
    every = offered.options(desk.world, desk.account, project, KINDS["fix_versions"])
    beans = [
        _version(call, project, each)
        for each in every
        if _fits(call, each) and (not asked or any(_VERSION_STATES[state](each) for state in asked))
    ]
    return _page(call, beans)


@rest("resolutions", "GET", "/resolution/search", READ, query="startAt maxResults id onlyDefault")
def resolutions(call: Call) -> Answer:
    """Those of the site; nobody has made one of them the default."""
    if call.query.get("onlyDefault") == "true":
        return _page(call, [])
    beans = [
        {"id": identity, "name": name, "description": "", "isDefault": False}
        for identity, name in RESOLUTIONS.items()
        if identity in (call.words("id") or RESOLUTIONS)
    ]
    return _page(call, beans)


@rest("labels", "GET", "/label", READ, query="startAt maxResults")
def labels(call: Call) -> Answer:
    """Every label that an issue of the site has; they come to be by use."""
    return _page(call, [label for label, _ in _labels(call, LABELS)], size=1_000)


@rest(
    "suggestions",
    "GET",
    "/jql/autocompletedata/suggestions",
    READ,
    query="fieldName fieldValue predicateName predicateValue",
)
def suggestions(call: Call) -> Answer:
    """At most fifteen; what was typed is marked in `displayName` (jira-platform.md §11.11)."""
    name, typed = call.query.get("fieldName"), call.query.get("fieldValue", "")
    suggest = _suggesting(name or "")
    if suggest is None:
        raise JiraRefusal(400, text("bad_parameter", name="fieldName"))
    found = [pair for pair in suggest(call) if begins(typed, pair[1])][:MOST_SUGGESTIONS]
    results = [{"value": value, "displayName": marked(typed, words)} for value, words in found]
    return Answer(200, {"results": results})


def _suggesting(name: str) -> Callable[[Call], Iterable[Pair]] | None:
    """What lists the values of a field, by the name that JQL has for it."""
    custom = name.removeprefix("cf[").removesuffix("]")
    field = FIELDS.get(f"customfield_{custom}" if name.startswith("cf[") else name)
    if field is None:
        return None
    if field.check == "labels":
        return lambda call: _labels(call, field)
    return _LISTED.get(field.check)


def _labels(call: Call, field: Field) -> list[Pair]:
    desk = call.desk
    homes = {each.key: each for each in permissions.projects(desk.world, desk.site)}
    used = {
        label
        for issue in desk.world.table("issues").values()
        if issue["site"] == desk.site.slug and issue["project"] in homes
        if records.is_seen(desk.world, desk.account, homes[issue["project"]], issue)
        for label in issue["fields"].get(field.id) or []
    }
    return [(label, label) for label in sorted(used)]


def _teams(_: Call) -> list[Pair]:
    return sorted(((team.id, team.name) for team in TEAMS.values()), key=lambda pair: pair[1])


def _sprints(call: Call) -> list[Pair]:
    """Oldest first, so that those which are active may be missing."""
    every = call.desk.world.table("sprints").values()
    of_site = [each for each in every if each["site"] == call.desk.site.slug]
    return [(str(each["id"]), each["name"]) for each in of_site]


_LISTED: dict[str, Callable[[Call], Iterable[Pair]]] = {"team": _teams, "sprint": _sprints}


def _project(call: Call) -> Project:
    desk, asked = call.desk, call.path["project"]
    project = permissions.find_project(desk.world, desk.site, desk.account, asked)
    if project is None:
        raise JiraRefusal(404, text("no_project", key=asked))
    return project


def _fits(call: Call, option: Option) -> bool:
    return call.query.get("query", "").lower() in option.name.lower()


def _component(call: Call, project: Project, option: Option) -> dict[str, Any]:
    return {
        "self": f"{call.desk.world.api_url(call.desk.site)}/component/{option.id}",
        "id": option.id,
        "name": option.name,
        "assigneeType": "PROJECT_DEFAULT",
        "isAssigneeTypeValid": True,
        "issueCount": sum(
            option.id in (issue["fields"].get("components") or [])
            for issue in call.desk.world.table("issues").values()
        ),
        "project": project.key,
        "projectId": int(project.id),
    }


def _version(call: Call, project: Project, option: Option) -> dict[str, Any]:
    return {
        "self": f"{call.desk.world.api_url(call.desk.site)}/version/{option.id}",
        "id": option.id,
        "name": option.name,
        "archived": option.archived,
        "released": option.released,
        "projectId": int(project.id),
    }


def _page(call: Call, beans: list[Any], size: int = 50) -> Answer:
    start, size = call.number("startAt", 0), call.number("maxResults", size, most=1_000)
    page = beans[start : start + size]
    body = {
        "self": call.desk.world.settings.base_url + call.request.path,
        "maxResults": size,
        "startAt": start,
        "total": len(beans),
        "isLast": start + size >= len(beans),
        "values": page,
    }
    return Answer(200, body, points=1 + len(page))
