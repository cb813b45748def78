"""REST: search by JQL (jira-platform.md §2.7)."""

import base64
import binascii
import hashlib
from typing import Any

from demo.jira_cloud.answers.refusals import BareRefusal, JiraRefusal, Refusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.issues.issue_json import Writer
from demo.jira_cloud.rest.gateway import READ, Call, rest, texts
from demo.jira_cloud.search import jql_match
from demo.jira_cloud.search.jql import BadJql, Query, parse
from demo.jira_cloud.state import permissions, records, search_index
from demo.jira_cloud.state.records import Desk, Issue
from demo.jira_cloud.traffic.exchange import Answer

MOST = 5_000
# Fewer come when more is asked of each.
MOST_WITH_FIELDS = 100
_KNOWN = (
    "jql",
    "fields",
    "expand",
    "properties",
    "reconcileIssues",
    "maxResults",
    "nextPageToken",
    "fieldsByKeys",
)


@rest("search", "POST", "/search/jql", READ)
def search(call: Call) -> Answer:
    """Pages by token, without a total; ids only unless fields are asked for."""
    body = call.object(*_KNOWN)
    size = body.get("maxResults", 50)
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= MOST:
        raise JiraRefusal(400, text("search_results"))
    fields, properties = texts(body, "fields"), texts(body, "properties")
    if len(properties) > 5:
        raise JiraRefusal(400, text("too_many_properties"))
    found = _found(call.desk, body)
    start = _start(body)
    size = min(size, MOST_WITH_FIELDS) if set(fields) - {"id", "key"} or properties else size
    page = found[start : start + size]
    answer: dict[str, Any] = {
        "issues": [_bean(call.desk, issue, fields, properties) for issue in page],
        "isLast": start + size >= len(found),
    }
    if not answer["isLast"]:
        answer["nextPageToken"] = _token(body, start + size)
    return Answer(200, answer, points=1 + len(page))


@rest("search_removed", "POST", "/search", READ)
@rest("search_removed", "GET", "/search", READ, query="jql startAt maxResults fields expand")
def search_removed(_: Call) -> Answer:
    """Gone since 2025: jira-platform.md §8."""
    message = text("search_gone").words("en")
    raise Refusal(410, {"errorMessages": [message], "errors": {}})


def _found(desk: Desk, body: dict[str, Any]) -> list[Issue]:
    words = body.get("jql", "")
    if not isinstance(words, str):
        raise BareRefusal(400, text("bad_payload"))
    try:
        query = parse(words)
        jql_match.check_bounded(query)
        return _matching(desk, query, _fresh(body))
    except BadJql as bad:
        raise JiraRefusal(400, bad.sentence) from None


def _matching(desk: Desk, query: Query, fresh: list[str]) -> list[Issue]:
    if query.condition is None:
        return []
    fits = jql_match.test_of(desk, query.condition)
    shown = search_index.issues(desk.world, desk.site.slug, fresh)
    homes = {each.key: each for each in permissions.projects(desk.world, desk.site)}
    matching = [
        issue
        for issue in shown
        if (home := homes.get(issue["project"]))
        and fits(issue)
        and records.is_seen(desk.world, desk.account, home, issue)
    ]
    return jql_match.ordered(desk, query, matching)


def _fresh(body: dict[str, Any]) -> list[str]:
    numbers = body.get("reconcileIssues") or []
    fits = isinstance(numbers, list) and all(type(number) is int for number in numbers)
    if not fits:
        raise BareRefusal(400, text("bad_payload"))
    if len(numbers) > 50:
        raise JiraRefusal(400, text("too_many_reconcile"))
    return [str(number) for number in numbers]


def _bean(desk: Desk, issue: Issue, fields: list[str], properties: list[str]) -> dict[str, Any]:
    bean = Writer(desk.world, desk.site, desk.account).issue(issue, fields or [""], properties)
    if not fields:
        # Only ids unless more is asked for; properties come along when asked.
        return {name: bean[name] for name in ("id", "properties") if name in bean}
    return bean


def _token(body: dict[str, Any], start: int) -> str:
    return base64.urlsafe_b64encode(f"{_fingerprint(body)}:{start}".encode()).decode()


def _start(body: dict[str, Any]) -> int:
    """Where the page begins. A token is good for its own query only."""
    token = body.get("nextPageToken")
    if token is None:
        return 0
    try:
        fingerprint, _, start = base64.urlsafe_b64decode(token).decode().partition(":")
        if fingerprint == _fingerprint(body):
            return int(start)
    except (ValueError, TypeError, binascii.Error):
        pass
    raise JiraRefusal(400, text("bad_token"))


def _fingerprint(body: dict[str, Any]) -> str:
    words = f"{body.get('jql')} {body.get('reconcileIssues')}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]
