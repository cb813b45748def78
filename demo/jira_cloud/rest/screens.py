"""REST: which issue types a project has, and which fields may be set.

Source: jira-platform.md §2.2, §2.3, §2.6.
"""

from typing import Any

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.fields import Field
from demo.jira_cloud.catalog.options import Option
from demo.jira_cloud.catalog.sites import Project
from demo.jira_cloud.issues.issue_json import Writer
from demo.jira_cloud.rest.gateway import READ, Call, rest
from demo.jira_cloud.state import offered, permissions, records
from demo.jira_cloud.traffic.exchange import Answer


@rest(
    "createmeta_types",
    "GET",
    "/issue/createmeta/<project>/issuetypes",
    READ,
    query="startAt maxResults",
)
def createmeta_types(call: Call) -> Answer:
    """The types of a project; pages without `isLast`."""
    start, size = _page(call)
    project = _creatable(call)
    desk = call.desk
    writer = Writer(desk.world, desk.site, desk.account)
    names = permissions.type_names(desk.world, project)
    return _metadata(
        call, "issueTypes", [writer.issue_type(project, name) for name in names], start, size
    )


@rest(
    "createmeta_fields",
    "GET",
    "/issue/createmeta/<project>/issuetypes/<issue_type>",
    READ,
    query="startAt maxResults",
)
def createmeta_fields(call: Call) -> Answer:
    """The fields of one type's create screen."""
    start, size = _page(call)
    project = _creatable(call)
    world = call.desk.world
    name = permissions.type_name_of(world, project, call.path["issue_type"])
    if name is None:
        raise JiraRefusal(404, text("issue_type"))
    fields = permissions.fields(world, project, name).values()
    beans = [field_bean(call, project, each, required) for each, required in fields]
    return _metadata(call, "fields", beans, start, size)


@rest(
    "editmeta",
    "GET",
    "/issue/<issue>/editmeta",
    READ,
    query="overrideScreenSecurity overrideEditableFlag",
)
def editmeta(call: Call) -> Answer:
    """The fields of an issue that the account may edit, by id; none without the permission."""
    desk = call.desk
    if "true" in {call.query.get("overrideScreenSecurity"), call.query.get("overrideEditableFlag")}:
        raise JiraRefusal(403, text("admin_only"))
    issue, project = records.require(desk.world, desk.site, desk.account, call.path["issue"])
    beans = {}
    if permissions.allowed(desk.world, desk.account, permissions.EDIT, project):
        found = permissions.settable(desk.world, desk.account, project, issue["type"])
        for field, required in found.values():
            beans[field.id] = field_bean(call, project, field, required)
            del beans[field.id]["fieldId"]
    return Answer(200, {"fields": beans})


def _page(call: Call) -> tuple[int, int]:
    size = call.number("maxResults", 50)
    if size > 200:
        raise JiraRefusal(400, text("page_limit", limit=200))
    return call.number("startAt", 0), size


def _metadata(call: Call, name: str, beans: list[Any], start: int, size: int) -> Answer:
    page = beans[start : start + size]
    body = {name: page, "maxResults": size, "startAt": start, "total": len(beans)}
    return Answer(200, body, points=1 + len(page))


def _creatable(call: Call) -> Project:
    desk, asked = call.desk, call.path["project"]
    project = permissions.find_project(desk.world, desk.site, desk.account, asked)
    if project is None:
        raise JiraRefusal(404, text("no_project", key=asked))
    if not permissions.allowed(desk.world, desk.account, permissions.CREATE, project):
        raise JiraRefusal(400, text("create_denied"))
    return project


def field_bean(call: Call, project: Project, field: Field, required: bool) -> dict[str, Any]:
    """A field of a create screen; others leave out `fieldId` (jira-platform.md §11.2)."""
    desk = call.desk
    writer = Writer(desk.world, desk.site, desk.account)
    bean: dict[str, Any] = {
        "fieldId": field.id,
        "key": field.id,
        "name": field.name,
        "required": required,
        "hasDefaultValue": field.default is not None,
        "operations": list(field.operations),
        "schema": field.schema,
    }
    if field.check in ("option", "options", "cascade"):
        listed = offered.options(desk.world, desk.account, project, field)
        bean["allowedValues"] = [_option(writer, field, each) for each in listed]
    if field.default is not None:
        bean["defaultValue"] = writer.value(project, field, field.default)
    if field.check in ("assignee", "person"):
        path = f"/user/assignable/search?project={project.key}&query="
        bean["autoCompleteUrl"] = desk.world.api_url(desk.site) + path
    if field.check == "labels":
        # Jira's own pages ask there; a token of an app is no good for it.
        bean["autoCompleteUrl"] = f"{desk.world.site_url(desk.site)}/rest/api/1.0/labels/suggest"
    return bean


def _option(writer: Writer, field: Field, option: Option) -> dict[str, Any]:
    bean = writer.option(field, option)
    if field.check == "cascade" and option.children:
        bean["children"] = [writer.option(field, child) for child in option.children]
    return bean
