"""REST: links from an issue to pages elsewhere (jira-platform.md §2.6, §11.12)."""

from typing import Any

from demo.jira_cloud.answers.refusals import BareRefusal, JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.rest.gateway import READ, WRITE, Call, rest
from demo.jira_cloud.state import permissions, records
from demo.jira_cloud.state.records import Issue
from demo.jira_cloud.traffic.exchange import Answer

_LINK_PARTS = ("globalId", "object", "relationship", "application")


@rest("remote_links", "GET", "/issue/<issue>/remotelink", READ, query="globalId")
def remote_links(call: Call) -> Answer:
    """All links, or the one with the global id."""
    issue, _ = _required(call)
    wanted = call.query.get("globalId")
    links = [_link_bean(call, issue, link) for link in issue["links"]]
    if wanted is None:
        return Answer(200, links)
    for link in links:
        if link.get("globalId") == wanted:
            return Answer(200, link)
    raise JiraRefusal(404, text("no_issue"))


@rest("remote_link_put", "POST", "/issue/<issue>/remotelink", WRITE)
def remote_link_put(call: Call) -> Answer:
    """The same global id updates in place; what is left out becomes null."""
    issue = _linkable(call)
    body = call.object(*_LINK_PARTS)
    _check_link(body)
    known = body.get("globalId")
    others = [link for link in issue["links"] if known is None or link["globalId"] != known]
    old = next((link for link in issue["links"] if link not in others), None)
    number = old["id"] if old else call.desk.world.next_number("link", 10_000)
    link = {name: body.get(name) for name in _LINK_PARTS} | {"id": number}
    issue["links"] = [*others, link]
    records.keep(call.desk.world, issue)
    place = f"{call.desk.world.api_url(call.desk.site)}/issue/{issue['id']}/remotelink/{number}"
    return Answer(200 if old else 201, {"id": number, "self": place})


@rest("remote_link_delete", "DELETE", "/issue/<issue>/remotelink", WRITE, query="globalId")
def remote_link_delete(call: Call) -> Answer:
    """By its global id. Even without a body it has to say which content it has none of."""
    if call.request.media_type != "application/json":
        raise BareRefusal(415, text("content_type"))
    issue, known = _linkable(call), call.query.get("globalId")
    left = [link for link in issue["links"] if known is None or link["globalId"] != known]
    if len(left) == len(issue["links"]):
        raise JiraRefusal(404, text("no_link"))
    issue["links"] = left
    records.keep(call.desk.world, issue)
    return Answer(204)


def _check_link(body: dict[str, Any]) -> None:
    target, known = body.get("object"), body.get("globalId")
    if not isinstance(target, dict) or not target.get("url") or not target.get("title"):
        raise JiraRefusal(400, text("link_invalid", reason="object needs a url and a title"))
    if known is not None and (not isinstance(known, str) or len(known) > 255):
        raise JiraRefusal(400, text("link_invalid", reason="globalId is too long"))


def _link_bean(call: Call, issue: Issue, link: dict[str, Any]) -> dict[str, Any]:
    place = f"{call.desk.world.api_url(call.desk.site)}/issue/{issue['id']}/remotelink/{link['id']}"
    return {"self": place} | {name: value for name, value in link.items() if value is not None}


def _required(call: Call) -> tuple[Issue, Any]:
    desk = call.desk
    return records.require(desk.world, desk.site, desk.account, call.path["issue"])


def _linkable(call: Call) -> Issue:
    """Who may not link is refused as everybody is while linking is off."""
    issue, project = _required(call)
    desk = call.desk
    may = permissions.allowed(desk.world, desk.account, permissions.LINK, project)
    if not may or not desk.world.conditions.linking:
        raise JiraRefusal(403, text("link_denied"))
    if desk.world.conditions.limits:
        call.traffic.limits.write(records.reference(desk.site.slug, issue["id"]))
    return issue
