"""REST: issue properties (jira-platform.md §2.6)."""

from typing import Any

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.issues import actions
from demo.jira_cloud.rest.gateway import READ, WRITE, Call, rest
from demo.jira_cloud.state import permissions, records
from demo.jira_cloud.state.records import Issue
from demo.jira_cloud.traffic.exchange import Answer

_PATH = "/issue/<issue>/properties/<key>"


@rest("properties", "GET", "/issue/<issue>/properties", READ)
def properties(call: Call) -> Answer:
    """The keys of all properties."""
    issue, _ = _required(call)
    base = f"{call.desk.world.api_url(call.desk.site)}/issue/{issue['id']}/properties"
    keys = [{"self": f"{base}/{key}", "key": key} for key in issue["properties"]]
    return Answer(200, {"keys": keys})


@rest("property_get", "GET", _PATH, READ)
def property_get(call: Call) -> Answer:
    """One property."""
    issue, _ = _required(call)
    key = call.path["key"]
    if key not in issue["properties"]:
        raise JiraRefusal(404, text("no_property", key=key))
    return Answer(200, {"key": key, "value": issue["properties"][key]})


@rest("property_put", "PUT", _PATH, WRITE)
def property_put(call: Call) -> Answer:
    """201 when new, 200 when changed."""
    issue = _editable(call)
    new = actions.set_property(call.desk, issue, call.path["key"], call.body())
    return Answer(201 if new else 200, {})


@rest("property_delete", "DELETE", _PATH, WRITE)
def property_delete(call: Call) -> Answer:
    """204."""
    actions.delete_property(call.desk, _editable(call), call.path["key"])
    return Answer(204)


def _required(call: Call) -> tuple[Issue, Any]:
    desk = call.desk
    return records.require(desk.world, desk.site, desk.account, call.path["issue"])


def _editable(call: Call) -> Issue:
    issue, project = _required(call)
    desk = call.desk
    if not permissions.allowed(desk.world, desk.account, permissions.EDIT, project):
        raise JiraRefusal(403, text("edit_denied"))
    if desk.world.conditions.limits:
        call.traffic.limits.write(records.reference(desk.site.slug, issue["id"]))
    return issue
