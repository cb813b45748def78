"""Dynamic webhooks: registering, refreshing, and which ones an event matches.

Source: jira-platform.md §5.1.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.sites import SITES
from demo.jira_cloud.oauth import tokens
from demo.jira_cloud.search import jql_match
from demo.jira_cloud.search.jql import BadJql, Condition, clauses, parse
from demo.jira_cloud.state import permissions, records
from demo.jira_cloud.state.records import Desk
from demo.jira_cloud.state.world import World

Webhook = dict[str, Any]
Event = dict[str, Any]

LIFE = timedelta(days=30)
MOST = 5
FIRST_ID = 1000
ISSUE_EVENTS = {"jira:issue_created", "jira:issue_updated", "jira:issue_deleted"}
PROPERTY_EVENTS = {"issue_property_set", "issue_property_deleted"}
EVENTS = (
    ISSUE_EVENTS
    | PROPERTY_EVENTS
    | {"comment_created", "comment_updated", "comment_deleted"}
    | {"sprint_created", "sprint_updated", "sprint_closed", "sprint_started", "sprint_deleted"}
    | {"jira:version_created", "jira:version_updated", "jira:version_released"}
)
_FILTER_FIELDS = {"issuekey", "project", "issuetype", "status", "assignee", "reporter"}
_FILTER_OPERATORS = {"=", "!=", "in", "not in"}
_PARTS = {"events", "jqlFilter", "fieldIdsFilter", "issuePropertyKeysFilter"}
_NEAR = {"localhost", "127.0.0.1", "::1"}


def register(desk: Desk, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Register what the body asks for; returns an id or errors for each, in order.

    A malformed body is refused whole with 400.
    """
    url, wanted = body.get("url"), body.get("webhooks")
    _check_url(url)
    if not isinstance(wanted, list) or not wanted:
        raise _malformed("webhooks is a list with at least one webhook")
    for each in wanted:
        _check_shape(each)
    return [_register_one(desk, str(url), each) for each in wanted]


def own(desk: Desk) -> list[tuple[str, Webhook]]:
    """The webhooks that this account registered on this site, with their places in the table."""
    return [
        (place, webhook)
        for place, webhook in desk.world.table("webhooks").items()
        if webhook["site"] == desk.site.slug and webhook["account"] == desk.account.id
    ]


def refresh(desk: Desk, ids: list[int]) -> float:
    """Give the account's living webhooks another 30 days; returns the new end. Others ignored."""
    end = (desk.world.now() + LIFE).timestamp()
    now = desk.world.now().timestamp()
    for place, webhook in own(desk):
        if webhook["id"] in ids and webhook["expires_at"] > now:
            desk.world.table("webhooks")[place] = {**webhook, "expires_at": end}
    return end


def delete(desk: Desk, ids: list[int]) -> None:
    """Delete the account's webhooks among the ids; others are ignored."""
    for place, webhook in own(desk):
        if webhook["id"] in ids:
            del desk.world.table("webhooks")[place]


def matching(world: World, event: Event) -> list[Webhook]:
    """The webhooks of the issue's site that are to hear of the event."""
    site = event["issue"]["site"]
    now = world.now().timestamp()
    return [
        webhook
        for webhook in world.table("webhooks").values()
        if webhook["site"] == site
        and webhook["expires_at"] > now
        and event["kind"] in webhook["events"]
        and _filters_fit(webhook, event)
        and _hears(world, webhook, event)
    ]


def _register_one(desk: Desk, url: str, wanted: dict[str, Any]) -> dict[str, Any]:
    existing = own(desk)
    others = {webhook["url"] for _, webhook in existing} - {url}
    if others:
        sentence = "Only a single URL per app is allowed to be registered via REST API."
        return {"errors": [f"{sentence} Currently used URL: {others.pop()}"]}
    if len(existing) >= MOST:
        return {"errors": [f"The limit of {MOST} registered webhooks is reached"]}
    errors = _filter_errors(desk, wanted["jqlFilter"])
    if errors:
        return {"errors": errors}
    site = desk.site.slug
    number = desk.world.next_number(f"webhook:{site}", FIRST_ID)
    desk.world.table("webhooks")[f"{site}:{number}"] = {
        "id": number,
        "site": site,
        "account": desk.account.id,
        "url": url,
        "events": wanted["events"],
        "jqlFilter": wanted["jqlFilter"],
        "fieldIdsFilter": wanted.get("fieldIdsFilter"),
        "issuePropertyKeysFilter": wanted.get("issuePropertyKeysFilter"),
        "expires_at": (desk.world.now() + LIFE).timestamp(),
    }
    return {"createdWebhookId": number}


def _check_url(url: Any) -> None:
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not parts.hostname:
        raise _malformed("url is missing or not an address")
    # Jira takes https only; what runs on this machine may be plain.
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _NEAR):
        raise _malformed("url must use https")


def _check_shape(wanted: Any) -> None:
    if not isinstance(wanted, dict) or not set(wanted) <= _PARTS:
        raise _malformed("unknown property")
    events = wanted.get("events")
    if not _are_texts(events) or not events or not set(events) <= EVENTS:
        raise _malformed("events is a list of known events")
    if not isinstance(wanted.get("jqlFilter"), str):
        raise _malformed("jqlFilter is missing")
    for name in ("fieldIdsFilter", "issuePropertyKeysFilter"):
        if name in wanted and not _are_texts(wanted[name]):
            raise _malformed(f"{name} is a list of strings")


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _filter_errors(desk: Desk, words: str) -> list[str]:
    """Why Jira does not take the filter; these come inside a 200."""
    try:
        query = parse(words)
        if query.condition is None or query.order:
            return ["The JQL filter must have clauses and no order"]
        unfit = _unfit(query.condition)
        if not unfit:
            jql_match.test_of(desk, query.condition)
    except BadJql as bad:
        return [bad.sentence.words("en")]
    return unfit


def _unfit(condition: Condition) -> list[str]:
    errors = []
    for clause in clauses(condition):
        if clause.field not in _FILTER_FIELDS:
            errors.append(f"The clause {clause.field} is unsupported")
        if clause.operator not in _FILTER_OPERATORS:
            errors.append(f"Operator {clause.operator} is unsupported")
    return errors


def _filters_fit(webhook: Webhook, event: Event) -> bool:
    fields, keys = webhook["fieldIdsFilter"], webhook["issuePropertyKeysFilter"]
    if event["kind"] == "jira:issue_updated" and fields:
        return any(change["fieldId"] in fields for change in event["changes"])
    if event["kind"] in PROPERTY_EVENTS and keys:
        return event["property_key"] in keys
    return True


def _hears(world: World, webhook: Webhook, event: Event) -> bool:
    """Webhooks see with the eyes of whoever registered them, while the grant lives."""
    account, site = ACCOUNTS[webhook["account"]], SITES[webhook["site"]]
    owner = world.conditions.private_app_owner
    if owner not in (None, account.email) or not tokens.has_live_grant(world, account.id):
        return False
    desk = Desk(world, site, account)
    project = records.project_of(world, site, event["issue"])
    if project is None or not permissions.allowed(world, account, permissions.BROWSE, project):
        return False
    try:
        condition = parse(webhook["jqlFilter"]).condition
        return condition is not None and jql_match.test_of(desk, condition)(event["issue"])
    except BadJql:
        # What the filter names has gone meanwhile, such as a project.
        return False


def _malformed(reason: str) -> JiraRefusal:
    return JiraRefusal(400, text("webhook_body", reason=reason))
