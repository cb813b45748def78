"""REST: create, read, edit and delete issues."""

from typing import Any

from demo.jira_cloud.answers.refusals import BareRefusal, JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.issues import actions, conversion
from demo.jira_cloud.issues.issue_json import Writer
from demo.jira_cloud.issues.payloads import read_fields
from demo.jira_cloud.rest.gateway import READ, WRITE, Call, rest, texts
from demo.jira_cloud.state import permissions, records
from demo.jira_cloud.state.records import Issue
from demo.jira_cloud.traffic.exchange import Answer

BULK_LIMIT = 50
FETCH_LIMIT = 100


@rest("create", "POST", "/issue", WRITE, query="updateHistory")
def create(call: Call) -> Answer:
    """jira-platform.md §2.4."""
    if not call.request.body:
        raise BareRefusal(400, text("no_payload"))
    body = call.body()
    conversion.refuse_unreadable(call.desk.world, body)
    return Answer(201, _created(call, body))


@rest("create_bulk", "POST", "/issue/bulk", WRITE)
def create_bulk(call: Call) -> Answer:
    """jira-platform.md §2.5: 201 when any worked, with the failures inside."""
    updates = call.object("issueUpdates").get("issueUpdates")
    limit = call.desk.world.conditions.largest_bulk
    if limit is not None and len(call.request.body) > limit:
        raise JiraRefusal(413, text("too_large"))
    if not isinstance(updates, list) or not updates:
        raise JiraRefusal(400, text("bulk_empty"))
    if len(updates) > BULK_LIMIT:
        raise JiraRefusal(400, text("bulk_many", limit=BULK_LIMIT))
    conversion.refuse_unreadable(call.desk.world, updates)
    created, errors = [], []
    for number, update in enumerate(updates):
        try:
            created.append(_created(call, update))
        except JiraRefusal as refusal:
            errors.append(_element_error(call, number, refusal))
    world = call.desk.world
    if world.conditions.shuffle_bulk:
        world.dice.shuffle(created)
    body = {"issues": created, "errors": errors}
    return Answer(201 if created else 400, body, points=1 + len(updates))


@rest(
    "get_issue",
    "GET",
    "/issue/<issue>",
    READ,
    query="fields fieldsByKeys expand properties updateHistory failFast",
)
def get_issue(call: Call) -> Answer:
    """A moved issue answers with its new key."""
    issue, _ = _required(call)
    return Answer(200, _written(call, issue, call.words("fields"), call.words("properties")))


@rest(
    "edit",
    "PUT",
    "/issue/<issue>",
    WRITE,
    query="notifyUsers overrideScreenSecurity overrideEditableFlag returnIssue expand",
)
def edit(call: Call) -> Answer:
    """jira-platform.md §2.6."""
    forced = {call.query.get("overrideScreenSecurity"), call.query.get("overrideEditableFlag")}
    if "true" in forced:
        raise JiraRefusal(403, text("admin_only"))
    _count_write(call)
    body = call.body()
    conversion.refuse_unreadable(call.desk.world, body)
    issue = actions.edit(call.desk, call.path["issue"], body)
    edited = read_fields(body)
    actions.automate(call.desk, issue, edited)
    if call.query.get("returnIssue") == "true":
        # No other field is promised (jira-platform.md §2.6).
        return Answer(200, _written(call, issue, list(edited) or ["none"], []))
    return Answer(204)


@rest("delete", "DELETE", "/issue/<issue>", WRITE, query="deleteSubtasks")
def delete(call: Call) -> Answer:
    """Subtasks go only on demand."""
    issue, project = _required(call)
    desk = call.desk
    if not permissions.allowed(desk.world, desk.account, permissions.DELETE, project):
        raise JiraRefusal(403, text("delete_denied"))
    children = actions.subtasks(desk.world, issue)
    if children and call.query.get("deleteSubtasks") != "true":
        raise JiraRefusal(400, text("has_subtasks"))
    for each in [*children, issue]:
        actions.delete(desk, each)
    return Answer(204)


@rest("bulkfetch", "POST", "/issue/bulkfetch", READ)
def bulkfetch(call: Call) -> Answer:
    """What is missing or unseen is silently absent; sorted by id (jira-platform.md §2.6)."""
    body = call.object("issueIdsOrKeys", "fields", "properties", "expand", "fieldsByKeys")
    asked, properties = texts(body, "issueIdsOrKeys"), texts(body, "properties")
    if not 0 < len(asked) <= FETCH_LIMIT:
        raise JiraRefusal(400, text("fetch_many", limit=FETCH_LIMIT))
    if len(properties) > 5:
        raise JiraRefusal(400, text("too_many_properties"))
    desk = call.desk
    found = {}
    for name in asked:
        issue = records.visible(desk.world, desk.site, desk.account, name)
        if issue is not None:
            found[int(issue["id"])] = issue
    fields = texts(body, "fields")
    beans = [_written(call, found[number], fields, properties) for number in sorted(found)]
    return Answer(200, {"issues": beans, "issueErrors": []}, points=1 + len(beans))


def _created(call: Call, body: Any) -> dict[str, Any]:
    issue = actions.create(call.desk, body)
    actions.automate(call.desk, issue, read_fields(body))
    place = f"{call.desk.world.api_url(call.desk.site)}/issue/{issue['id']}"
    return {"id": issue["id"], "key": issue["key"], "self": place}


def _element_error(call: Call, number: int, refusal: JiraRefusal) -> dict[str, Any]:
    language = call.desk.world.conditions.language or "en"
    return {
        "status": refusal.status,
        "elementErrors": refusal.collection(language),
        "failedElementNumber": number,
    }


def _required(call: Call) -> tuple[Issue, Any]:
    desk = call.desk
    return records.require(desk.world, desk.site, desk.account, call.path["issue"])


def _count_write(call: Call) -> None:
    """Refused before the issue is looked at: the counter is keyed by its id, if it has one."""
    desk = call.desk
    issue = records.find(desk.world, desk.site, call.path["issue"])
    if issue is not None and desk.world.conditions.limits:
        call.traffic.limits.write(records.reference(desk.site.slug, issue["id"]))


def _written(call: Call, issue: Issue, fields: list[str], properties: list[str]) -> dict[str, Any]:
    desk = call.desk
    return Writer(desk.world, desk.site, desk.account).issue(issue, fields or None, properties)
