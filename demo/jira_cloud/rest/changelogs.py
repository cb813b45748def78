"""REST: who changed what, and when (jira-platform.md §11.16)."""

from typing import Any

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.issues.issue_json import Writer
from demo.jira_cloud.issues.moments import moment
from demo.jira_cloud.rest.gateway import READ, Call, rest, texts
from demo.jira_cloud.state import records
from demo.jira_cloud.traffic.exchange import Answer

MOST_ISSUES = 1_000
MOST_FIELDS = 10
PAGE = 1_000
LARGEST_PAGE = 10_000

# An issue's id with one entry of its changelog.
Change = tuple[str, dict[str, Any]]


@rest("changelogs", "POST", "/changelog/bulkfetch", READ)
def changelogs(call: Call) -> Answer:
    """Oldest first over all issues, so one issue may stand on several pages."""
    body = call.object("issueIdsOrKeys", "fieldIds", "maxResults", "nextPageToken")
    asked, fields = texts(body, "issueIdsOrKeys"), texts(body, "fieldIds")
    if not 0 < len(asked) <= MOST_ISSUES or len(fields) > MOST_FIELDS:
        raise JiraRefusal(400, text("fetch_many", limit=MOST_ISSUES))
    size, start = _size(body), _start(body)
    found = [each for each in _changes(call, asked) if _touches(each, fields)]
    page = found[start : start + size]
    answer: dict[str, Any] = {"issueChangeLogs": _by_issue(call, page)}
    if start + size < len(found):
        answer["nextPageToken"] = f"after-{start + size}"
    return Answer(200, answer, points=1 + len(page))


def _size(body: dict[str, Any]) -> int:
    size = body.get("maxResults", PAGE)
    if not isinstance(size, int) or not 1 <= size <= LARGEST_PAGE:
        raise JiraRefusal(400, text("bad_parameter", name="maxResults"))
    return size


def _start(body: dict[str, Any]) -> int:
    token = body.get("nextPageToken") or "after-0"
    start = token.removeprefix("after-") if isinstance(token, str) else ""
    if not start.isdecimal():
        raise JiraRefusal(400, text("bad_token"))
    return int(start)


def _changes(call: Call, asked: list[str]) -> list[Change]:
    desk = call.desk
    issues = {}
    for name in asked:
        issue = records.visible(desk.world, desk.site, desk.account, name)
        if issue is not None:
            issues[issue["id"]] = issue
    found = [
        (identity, each)
        for identity, issue in issues.items()
        for each in records.histories(desk.world, issue)
    ]
    return sorted(found, key=lambda change: (change[1]["at"], int(change[0])))


def _touches(change: Change, fields: list[str]) -> bool:
    return not fields or any(item["fieldId"] in fields for item in change[1]["items"])


def _by_issue(call: Call, page: list[Change]) -> list[dict[str, Any]]:
    logs: dict[str, list[dict[str, Any]]] = {}
    for identity, each in page:
        logs.setdefault(identity, []).append(_history(call, each))
    return [{"issueId": identity, "changeHistories": each} for identity, each in logs.items()]


def _history(call: Call, history: dict[str, Any]) -> dict[str, Any]:
    desk = call.desk
    as_number = desk.world.conditions.changelog_dates == "milliseconds"
    at = history["at"]
    return {
        "id": history["id"],
        "author": Writer(desk.world, desk.site, desk.account).user(ACCOUNTS[history["author"]]),
        "created": int(at * 1000) if as_number else moment(at, desk.account.zone),
        "items": history["items"],
    }
