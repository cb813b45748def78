"""Answers of Atlassian, in English and in German.

As jira-platform.md §1.4, §3 and §4 record them.
"""

from typing import Any, NamedTuple

from app.jira.errors import (
    JiraError,
    JiraRateLimited,
    JiraRefused,
    JiraUnauthorized,
    JiraUnavailable,
)


class Recorded(NamedTuple):
    name: str
    status: int
    body: Any
    error: type[JiraError]
    facts: dict[str, Any]


def refused(name: str, status: int, body: Any, *fields: str) -> Recorded:
    return Recorded(name, status, body, JiraRefused, {"fields": set(fields)})


def by_field(field: str, words: str) -> dict[str, Any]:
    return {"errorMessages": [], "errors": {field: words}}


def in_words(words: str) -> dict[str, Any]:
    return {"errorMessages": [words], "errors": {}}


GATEWAY_404 = {
    "timestamp": "2026-10-08T10:00:00.000+00:00",
    "status": 404,
    "error": "Not Found",
    "message": "No message available",
    "path": "/ex/jira/none/rest/api/3/myself",
}
PROBLEM = {
    "type": "about:blank",
    "title": "Not Found",
    "status": 404,
    "detail": "No static resource rest/api/3/nothing.",
    "instance": "/rest/api/3/nothing",
}
NOT_ON_SCREEN = "Field 'duedate' cannot be set. It is not on the appropriate screen, or unknown."
NICHT_AUF_MASKE = (
    "Feld 'duedate' kann nicht festgelegt werden. "
    "Es befindet sich nicht auf der entsprechenden Maske oder ist unbekannt."
)
NO_SITE_PAGE = "<!DOCTYPE html><html><body>Your Atlassian Cloud site is unavailable.</body></html>"

REFUSED = [
    refused(
        "required field",
        400,
        by_field("customfield_10011", "Epic Name is required."),
        "customfield_10011",
    ),
    refused(
        "required field, German",
        400,
        by_field("customfield_10011", "Epic-Name ist erforderlich."),
        "customfield_10011",
    ),
    refused("required field in words", 400, in_words("Field 'priority' is required")),
    refused(
        "wrong project", 400, by_field("project", "Specify a valid project ID or key"), "project"
    ),
    refused(
        "wrong project, German",
        400,
        by_field("project", "Geben Sie eine gültige Projekt-ID oder einen Schlüssel an"),
        "project",
    ),
    refused("no type", 400, by_field("issuetype", "Specify an issue type"), "issuetype"),
    refused(
        "type not there",
        400,
        by_field("issuetype", "The issue type selected is invalid."),
        "issuetype",
    ),
    refused(
        "type not there, German",
        400,
        by_field("issuetype", "Der ausgewählte Vorgangstyp ist ungültig."),
        "issuetype",
    ),
    refused("not on screen", 400, by_field("duedate", NOT_ON_SCREEN), "duedate"),
    refused("not on screen, German", 400, by_field("duedate", NICHT_AUF_MASKE), "duedate"),
    refused(
        "summary too long",
        400,
        by_field("summary", "Summary must be less than 255 characters."),
        "summary",
    ),
    refused(
        "not ADF",
        400,
        by_field("description", "Operation value must be an Atlassian Document"),
        "description",
    ),
    refused(
        "assignee", 400, by_field("assignee", "User 'x' cannot be assigned issues."), "assignee"
    ),
    refused(
        "assignee, German",
        400,
        by_field("assignee", "Dem Benutzer 'x' können keine Vorgänge zugewiesen werden."),
        "assignee",
    ),
    refused(
        "body not JSON, no errors key", 400, {"errorMessages": ["There was an error parsing JSON."]}
    ),
    refused(
        "may not create, 400",
        400,
        in_words("You do not have permission to create issues in this project."),
    ),
    refused(
        "may not create, 403",
        403,
        in_words("You do not have permission to create issues in this project."),
    ),
    refused(
        "may not create, German",
        403,
        in_words("Sie sind nicht berechtigt, Vorgänge in diesem Projekt zu erstellen."),
    ),
    refused(
        "issue gone", 404, in_words("Issue does not exist or you do not have permission to see it.")
    ),
    refused(
        "issue gone, German",
        404,
        in_words("Der Vorgang existiert nicht oder Sie dürfen ihn nicht sehen."),
    ),
    refused("project unseen", 404, in_words("No project could be found with key 'X'.")),
    refused("unknown path", 404, PROBLEM),
    refused("empty 404", 404, ""),
    refused("empty 403", 403, ""),
    refused("gone for good", 410, in_words("The requested API has been removed.")),
    refused("concurrent edit", 409, in_words("The issue was changed by somebody else.")),
    refused("too much", 413, in_words("The issue has too many comments.")),
    refused("configuration", 422, in_words("A configuration problem prevents the creation.")),
    refused("nulls everywhere", 400, {"errorMessages": None, "errors": None, "status": None}),
    refused("nothing known", 400, {}),
    refused(
        "odd types", 400, {"errorMessages": "alone", "errors": {"summary": ["a", 1]}}, "summary"
    ),
    refused("a list", 400, ["unexpected"]),
]


def unauthorized(name: str, status: int, body: Any, reason: str) -> Recorded:
    return Recorded(name, status, body, JiraUnauthorized, {"reason": reason})


UNAUTHORIZED = [
    unauthorized("expired token", 401, {"code": 401, "message": "Unauthorized"}, "token"),
    unauthorized("empty 401", 401, "", "token"),
    unauthorized("HTML 401", 401, "<html>Log in</html>", "token"),
    unauthorized(
        "scope missing",
        401,
        {"code": 401, "message": "Unauthorized; scope does not match"},
        "scope",
    ),
    unauthorized("unknown cloud id", 404, GATEWAY_404, "site"),
    unauthorized("gateway code", 404, {"code": 404, "message": "Not found"}, "site"),
    unauthorized("unknown site", 404, NO_SITE_PAGE, "site"),
    unauthorized(
        "suspended",
        403,
        {"code": 403, "message": "Tenant is restricted: suspended-payment"},
        "site",
    ),
    unauthorized(
        "suspended, Jira's shape", 404, in_words("Tenant is restricted: suspended-payment"), "site"
    ),
    unauthorized(
        "suspended, plain text", 503, "Tenant is restricted: suspended-inactivity", "site"
    ),
]

UNAVAILABLE = [
    Recorded(name, status, body, JiraUnavailable, {"unknown": unknown})
    for name, status, body, unknown in [
        ("server error", 500, {"errorMessages": ["Internal server error"]}, True),
        ("empty 500", 500, "", True),
        ("HTML 502", 502, "<html>Bad gateway</html>", True),
        ("HTML 503", 503, "<html>Jira is being maintained</html>", True),
        ("gateway gave up", 504, {"code": 504, "message": "Gateway Timeout"}, True),
        ("request timeout", 408, "", True),
        ("HTML 403 of a wall", 403, "<html>Request blocked</html>", False),
        ("HTML 400", 400, "<html>Bad request</html>", False),
        ("moved", 301, "", True),
        ("see other", 303, "", True),
        ("temporarily elsewhere", 307, "<html></html>", True),
        ("HTML instead of JSON", 200, "<html>Log in</html>", True),
        ("cut off", 201, '{"id": "1000', True),
        ("empty success", 201, "", True),
        ("success without a key", 201, {"id": "10000"}, True),
        ("success with nulls", 201, {"id": None, "key": None}, True),
        ("success of another kind", 201, ["10000"], True),
    ]
]

RATE_LIMITED = [
    Recorded("Jira's", 429, in_words("Rate limit exceeded."), JiraRateLimited, {}),
    Recorded("gateway's", 429, "<html>Too many requests</html>", JiraRateLimited, {}),
    Recorded("empty", 429, "", JiraRateLimited, {}),
]
