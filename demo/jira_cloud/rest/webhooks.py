"""REST: dynamic webhooks (jira-platform.md §5.1)."""

from typing import Any

from demo.jira_cloud.answers.refusals import BareRefusal, JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.issues.moments import moment
from demo.jira_cloud.rest.gateway import READ, WEBHOOKS, Call, rest
from demo.jira_cloud.traffic.exchange import Answer
from demo.jira_cloud.webhooks import registrations


@rest("webhook_register", "POST", "/webhook", READ, WEBHOOKS)
def register(call: Call) -> Answer:
    """200 with the failures inside."""
    results = registrations.register(call.desk, call.object("url", "webhooks"))
    return Answer(200, {"webhookRegistrationResult": results})


@rest("webhook_list", "GET", "/webhook", READ, WEBHOOKS, query="startAt maxResults")
def listed(call: Call) -> Answer:
    """The account's own on this site, expired ones too."""
    start, size = call.number("startAt", 0), call.number("maxResults", 100, most=100)
    every = [_bean(call, webhook) for _, webhook in registrations.own(call.desk)]
    page = every[start : start + size]
    body = {
        "maxResults": size,
        "startAt": start,
        "total": len(every),
        "isLast": start + size >= len(every),
        "values": page,
    }
    return Answer(200, body, points=1 + len(page))


@rest("webhook_refresh", "PUT", "/webhook/refresh", READ, WEBHOOKS)
def refresh(call: Call) -> Answer:
    """Another 30 days."""
    end = registrations.refresh(call.desk, _ids(call))
    return Answer(200, {"expirationDate": _date(call, end)})


@rest("webhook_delete", "DELETE", "/webhook", READ, WEBHOOKS)
def delete(call: Call) -> Answer:
    """202; ids in the body."""
    registrations.delete(call.desk, _ids(call))
    return Answer(202)


@rest("webhook_failed", "GET", "/webhook/failed", READ, WEBHOOKS, query="maxResults after")
def failed(_: Call) -> Answer:
    """For Connect apps only."""
    raise JiraRefusal(403, text("connect_only"))


def _ids(call: Call) -> list[int]:
    ids = call.object("webhookIds").get("webhookIds")
    if not isinstance(ids, list) or not ids or not all(type(each) is int for each in ids):
        raise BareRefusal(400, text("bad_payload"))
    return ids


def _bean(call: Call, webhook: registrations.Webhook) -> dict[str, Any]:
    bean = {name: webhook[name] for name in ("id", "events", "jqlFilter", "url")}
    for name in ("fieldIdsFilter", "issuePropertyKeysFilter"):
        if webhook[name] is not None:
            bean[name] = webhook[name]
    return bean | {"expirationDate": _date(call, webhook["expires_at"])}


def _date(call: Call, timestamp: float) -> int | str | None:
    """Typed as a number in the spec, a string in its examples: both occur."""
    if call.desk.world.conditions.webhook_dates == "text":
        return moment(timestamp, "UTC")
    return int(timestamp * 1000)
