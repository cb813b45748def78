"""REST: projects, permissions, status categories (jira-platform.md §2.1, §2.6)."""

from typing import Any
from urllib.parse import urlencode

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.catalog.workflows import CATEGORIES
from demo.jira_cloud.issues.issue_json import Writer
from demo.jira_cloud.rest.gateway import READ, Call, rest
from demo.jira_cloud.state import permissions
from demo.jira_cloud.state.records import find, project_of
from demo.jira_cloud.traffic.exchange import Answer

_ACTIONS = {
    "view": permissions.BROWSE,
    "browse": permissions.BROWSE,
    "create": permissions.CREATE,
    "edit": "ADMINISTER_PROJECTS",
}
_ORDERS = {"key": "key", "name": "name", "lastIssueUpdatedTime": "key", "issueCount": "key"}


@rest(
    "project_search",
    "GET",
    "/project/search",
    READ,
    query="startAt maxResults orderBy id keys query typeKey categoryId action expand status"
    " properties propertyQuery",
)
def project_search(call: Call) -> Answer:
    """A page of the projects in which the account may do `action`."""
    start, size = call.number("startAt", 0), call.number("maxResults", 50, most=100)
    matching = _ordered(call, [each for each in _seen(call) if _asked_for(call, each)])
    page = matching[start : start + size]
    writer = Writer(call.desk.world, call.desk.site, call.desk.account)
    body: dict[str, Any] = {
        "self": _page_url(call, start, size),
        "maxResults": size,
        "startAt": start,
        "total": len(matching),
        "isLast": start + size >= len(matching),
        "values": [writer.project(project) for project in page],
    }
    if not body["isLast"]:
        body["nextPage"] = _page_url(call, start + size, size)
    return Answer(200, body, points=1 + len(page))


@rest("project", "GET", "/project/<project>", READ, query="expand properties")
def project(call: Call) -> Answer:
    """One project, archived ones included."""
    desk, asked = call.desk, call.path["project"]
    found = permissions.find_project(desk.world, desk.site, desk.account, asked)
    if found is None:
        raise JiraRefusal(404, text("no_project", key=asked))
    return Answer(200, Writer(desk.world, desk.site, desk.account).project(found))


@rest(
    "mypermissions",
    "GET",
    "/mypermissions",
    READ,
    query="projectKey projectId issueKey issueId permissions projectUuid"
    " projectConfigurationUuid commentId",
)
def mypermissions(call: Call) -> Answer:
    """jira-platform.md §2.6: a "yes" for a project, an issue or the site."""
    keys = call.words("permissions")
    if not keys:
        raise JiraRefusal(400, text("no_permission_keys"))
    unknown = [key for key in keys if key not in permissions.KNOWN]
    if unknown:
        raise JiraRefusal(400, errors={key: text("unknown_permission") for key in unknown})
    project = _permission_place(call)
    return Answer(200, {"permissions": {key: _permission(call, key, project) for key in keys}})


@rest("statuscategory", "GET", "/statuscategory", READ)
def statuscategory(call: Call) -> Answer:
    """All four, as every site has them."""
    writer = Writer(call.desk.world, call.desk.site, call.desk.account)
    return Answer(200, [writer.category(key) for key in CATEGORIES])


def _seen(call: Call) -> list[Project]:
    desk = call.desk
    action = call.query.get("action", "view")
    if action not in _ACTIONS:
        raise JiraRefusal(400, text("bad_parameter", name="action"))
    needed = {permissions.BROWSE, _ACTIONS[action]}
    return [
        each
        for each in permissions.projects(desk.world, desk.site)
        if all(permissions.allowed(desk.world, desk.account, name, each) for name in needed)
        and not permissions.archived(desk.world, each)
    ]


def _asked_for(call: Call, project: Project) -> bool:
    query = call.query.get("query", "").lower()
    keys, ids = call.words("keys"), call.words("id")
    for name, values in (("keys", keys), ("id", ids)):
        if len(values) > 50:
            raise JiraRefusal(400, text("bad_parameter", name=name))
    return (
        (query in project.key.lower() or query in project.name.lower())
        and (not keys or project.key in keys)
        and (not ids or project.id in ids)
        and call.query.get("typeKey", "software") == "software"
    )


def _ordered(call: Call, projects: list[Project]) -> list[Project]:
    order = call.query.get("orderBy", "key")
    name = order.lstrip("+-")
    if name not in _ORDERS:
        raise JiraRefusal(400, text("bad_parameter", name="orderBy"))
    return sorted(
        projects, key=lambda each: getattr(each, _ORDERS[name]).lower(), reverse=order[0] == "-"
    )


def _page_url(call: Call, start: int, size: int) -> str:
    rest_of_query = [
        (name, value)
        for name, value in call.query.items(multi=True)
        if name not in ("startAt", "maxResults")
    ]
    query = urlencode([("startAt", start), ("maxResults", size), *rest_of_query])
    return f"{call.desk.world.api_url(call.desk.site)}/project/search?{query}"


def _permission_place(call: Call) -> Project | None:
    """The project that is asked about. One that cannot be seen is a 404."""
    desk, query = call.desk, call.query
    issue_asked = query.get("issueKey") or query.get("issueId")
    if issue_asked:
        issue = find(desk.world, desk.site, issue_asked)
        project = issue and project_of(desk.world, desk.site, issue)
        if not project:
            raise JiraRefusal(404, text("no_issue"))
        return project
    asked = query.get("projectKey") or query.get("projectId")
    if asked is None:
        return None
    for project in permissions.projects(desk.world, desk.site):
        if asked in (project.id, project.key):
            return project
    raise JiraRefusal(404, text("no_project", key=asked))


def _permission(call: Call, key: str, project: Project | None) -> dict[str, Any]:
    identity, name, is_global = permissions.KNOWN[key]
    desk = call.desk
    if is_global or project is not None:
        place = None if is_global else project
        has = permissions.allowed(desk.world, desk.account, key, place)
    else:
        # Without a project: whether it holds in any.
        every = permissions.projects(desk.world, desk.site)
        has = any(permissions.allowed(desk.world, desk.account, key, each) for each in every)
    return {
        "id": identity,
        "key": key,
        "name": name,
        "type": "GLOBAL" if is_global else "PROJECT",
        "description": name,
        "havePermission": has,
    }
