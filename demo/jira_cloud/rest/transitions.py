"""REST: moving issues through their workflow, and the statuses that there are.

Source: jira-platform.md §2.6, §11.10.
"""

from typing import Any

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.fields import FIELDS
from demo.jira_cloud.catalog.sites import Project, types_of
from demo.jira_cloud.catalog.workflows import RESOLUTIONS, Question, Transition
from demo.jira_cloud.issues import transitions as moves
from demo.jira_cloud.issues.issue_json import Writer
from demo.jira_cloud.rest.gateway import READ, WRITE, Call, rest
from demo.jira_cloud.rest.screens import field_bean
from demo.jira_cloud.state import offered, permissions, records
from demo.jira_cloud.traffic.exchange import Answer


@rest(
    "transitions",
    "GET",
    "/issue/<issue>/transitions",
    READ,
    query="expand transitionId skipRemoteOnlyCondition includeUnavailableTransitions"
    " sortByOpsBarAndStatus",
)
def transitions(call: Call) -> Answer:
    """Empty for who may not transition; the fields of screens come only when asked for."""
    desk = call.desk
    issue, project = records.require(desk.world, desk.site, desk.account, call.path["issue"])
    with_fields = "transitions.fields" in call.words("expand")
    only = call.query.get("transitionId")
    beans = [
        _transition(call, project, each, with_fields)
        for each in moves.ways(desk, issue, project)
        if only in (None, each.id)
    ]
    return Answer(200, {"expand": "transitions", "transitions": beans})


@rest("transition", "POST", "/issue/<issue>/transitions", WRITE)
def transition(call: Call) -> Answer:
    """204; 400 for a way that is none, and for a field that its screen lacks or demands."""
    desk = call.desk
    issue, project = records.require(desk.world, desk.site, desk.account, call.path["issue"])
    body = call.object("transition", "fields", "update", "historyMetadata", "properties")
    if desk.world.conditions.limits:
        call.traffic.limits.write(records.reference(desk.site.slug, issue["id"]))
    moves.carry_out(desk, issue, project, body)
    return Answer(204)


@rest("statuses", "GET", "/project/<project>/statuses", READ)
def statuses(call: Call) -> Answer:
    """The statuses of each issue type; a site may leave their categories out."""
    desk, asked = call.desk, call.path["project"]
    project = permissions.find_project(desk.world, desk.site, desk.account, asked)
    if project is None:
        raise JiraRefusal(404, text("no_project", key=asked))
    names = permissions.type_names(desk.world, project)
    return Answer(200, [_type_with_statuses(call, project, name) for name in names])


def _type_with_statuses(call: Call, project: Project, name: str) -> dict[str, Any]:
    world = call.desk.world
    writer = Writer(world, call.desk.site, call.desk.account)
    kind = types_of(project)[name]
    beans = [writer.status(each) for each in offered.workflow(world, project, name).statuses]
    if world.conditions.statuses_without_category:
        for bean in beans:
            del bean["statusCategory"]
    return {
        "self": f"{world.api_url(call.desk.site)}/issuetype/{kind.id}",
        "id": kind.id,
        "name": kind.name,
        "subtask": kind.subtask,
        "statuses": beans,
    }


def _transition(call: Call, project: Project, way: Transition, with_fields: bool) -> dict[str, Any]:
    writer = Writer(call.desk.world, call.desk.site, call.desk.account)
    bean = {
        "id": way.id,
        "name": way.name,
        "to": writer.status(way.to),
        "hasScreen": bool(way.screen),
        "isGlobal": not way.origins,
        "isInitial": False,
        "isAvailable": True,
        "isConditional": False,
    }
    if with_fields:
        bean["fields"] = {each.field: _question(call, project, each) for each in way.screen}
    return bean


def _question(call: Call, project: Project, question: Question) -> dict[str, Any]:
    if question.field != moves.RESOLUTION:
        bean = field_bean(call, project, FIELDS[question.field], question.required)
        del bean["fieldId"]
        return bean
    resolutions = {identity: _resolution(call, identity) for identity in RESOLUTIONS}
    bean = {
        "key": moves.RESOLUTION,
        "name": "Resolution",
        "required": question.required,
        "hasDefaultValue": question.default is not None,
        "operations": ["set"],
        "schema": {"type": "resolution", "system": moves.RESOLUTION},
        "allowedValues": list(resolutions.values()),
    }
    if question.default is not None:
        bean["defaultValue"] = resolutions[question.default]
    return bean


def _resolution(call: Call, identity: str) -> dict[str, Any]:
    place = f"{call.desk.world.api_url(call.desk.site)}/resolution/{identity}"
    return {"self": place, "id": identity, "name": RESOLUTIONS[identity]}
