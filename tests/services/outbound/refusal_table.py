"""What Jira answers, and what comes of it: every row of design.md §4 and jira-platform.md §3, §4.

The words are Jira's, in the account's language: English and German must be decided alike.
"""

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from app.models import AssigneeNote, FailureCode, LinkState
from app.services.grants.pauses import PauseScope
from tests.services.outbound.refusal_case import (
    CREATE,
    MAY_ALL,
    UPDATE,
    Case,
    by_field,
    in_words,
    lost,
    not_done,
    refused,
    slowed,
    unanswered,
)

MAY_NOT_CREATE = MAY_ALL | {"CREATE_ISSUES": False}
MAY_NOT_EDIT = MAY_ALL | {"EDIT_ISSUES": False}
# Asked for a project that it cannot see, `mypermissions` answers 404.
UNSEEN: dict[str, bool] = {}

GATEWAY_404 = {
    "timestamp": "2026-10-08T10:00:00.000+00:00",
    "status": 404,
    "error": "Not Found",
    "message": "No message available",
    "path": "/ex/jira/none/rest/api/3/issue",
}
NO_CREATE = (
    in_words("You do not have permission to create issues in this project."),
    in_words("Sie haben keine Berechtigung, Vorgänge in diesem Projekt zu erstellen."),
)
NO_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
KEINE_MASKE = "Das Feld '{}' kann nicht festgelegt werden."
NO_ISSUE = (
    in_words("Issue does not exist or you do not have permission to see it."),
    in_words("Der Vorgang existiert nicht, oder Sie haben keine Berechtigung, ihn zu sehen."),
)
DUE_DATE = (
    by_field(duedate=NO_SCREEN.format("duedate")),
    by_field(duedate=KEINE_MASKE.format("duedate")),
)
SUMMARY = (
    by_field(summary=NO_SCREEN.format("summary")),
    by_field(summary=KEINE_MASKE.format("summary")),
)
NOT_ASSIGNABLE = (
    by_field(assignee="User 'x' cannot be assigned issues."),
    by_field(assignee="Dem Benutzer 'x' können keine Vorgänge zugewiesen werden."),
)

REFUSALS = [
    refused(
        "a required field, by its id", 400,
        by_field(customfield_10011="Epic Name is required."),
        by_field(customfield_10011="Epic-Name ist erforderlich."), FailureCode.REQUIRED_FIELD,
    ),
    refused(
        "a required field, in words alone", 400,
        {"errorMessages": ["Field 'priority' is required"]},
        {"errorMessages": ["Das Feld 'priority' ist erforderlich"]}, FailureCode.REFUSED,
    ),
    refused(
        "a wrong project", 400, by_field(project="Specify a valid project ID or key"),
        by_field(project="Geben Sie eine gültige Projekt-ID an"), FailureCode.PROJECT_GONE,
    ),
    refused(
        "no issue type", 400, by_field(issuetype="Specify an issue type"),
        by_field(issuetype="Geben Sie einen Vorgangstyp an"), FailureCode.ISSUE_TYPE_GONE,
    ),
    refused(
        "an issue type that is gone", 400,
        by_field(issuetype="The issue type selected is invalid."),
        by_field(issuetype="Der ausgewählte Vorgangstyp ist ungültig."),
        FailureCode.ISSUE_TYPE_GONE,
    ),
    refused("a field off the screen", 400, *DUE_DATE, FailureCode.FIELD_REFUSED),
    refused(
        "a field off the screen, update", 400, *DUE_DATE, FailureCode.FIELD_REFUSED,
        operation=UPDATE,
    ),
    refused(
        "a summary too long", 400,
        by_field(summary="Summary must be less than 255 characters."),
        by_field(summary="Die Zusammenfassung muss kürzer als 255 Zeichen sein."),
        FailureCode.FIELD_REFUSED,
    ),
    refused(
        "a description that is no document", 400,
        by_field(description="Operation value must be an Atlassian Document"),
        by_field(description="Der Wert muss ein Atlassian-Dokument sein"),
        FailureCode.FIELD_REFUSED,
    ),
    refused(
        "a text too long, update", 400,
        by_field(description="The entered text is too long."),
        by_field(description="Der eingegebene Text ist zu lang."),
        FailureCode.FIELD_REFUSED, operation=UPDATE,
    ),
    refused(
        "a body that is no JSON", 400, {"errorMessages": ["There was an error parsing JSON."]},
        {"errorMessages": ["Fehler beim Lesen von JSON."]}, FailureCode.REFUSED,
    ),
    refused("an empty 400", 400, "", "", FailureCode.REFUSED),
    refused(
        "may not create, 400", 400, *NO_CREATE, FailureCode.MAY_NOT_CREATE,
        permissions=MAY_NOT_CREATE,
    ),
    refused(
        "may not create, 403", 403, *NO_CREATE, FailureCode.MAY_NOT_CREATE,
        permissions=MAY_NOT_CREATE,
    ),
    refused(
        "may not create, and no answer about it", 403, *NO_CREATE, FailureCode.MAY_NOT_CREATE,
        permissions=None,
    ),
    refused(
        "may not create, said of a field", 400, *SUMMARY, FailureCode.MAY_NOT_CREATE,
        permissions=MAY_NOT_CREATE,
    ),
    refused(
        "may not edit, said of a field", 400, *SUMMARY, FailureCode.MAY_NOT_EDIT,
        operation=UPDATE, permissions=MAY_NOT_EDIT,
    ),
    refused(
        "may not edit, 403", 403, "", "", FailureCode.MAY_NOT_EDIT,
        operation=UPDATE, permissions=MAY_NOT_EDIT,
    ),
    refused(
        "a project out of sight", 404, in_words("No project could be found with key 'X'."),
        in_words("Es wurde kein Projekt mit dem Schlüssel 'X' gefunden."),
        FailureCode.PROJECT_GONE, permissions=UNSEEN,
    ),
    *[
        refused(
            f"{name}, {operation}", status, in_words(english), in_words(german), code,
            operation=operation,
        )
        for name, status, english, german, code in [
            ("409", 409, "The issue was changed.", "Der Vorgang wurde geändert.", "conflict"),
            ("413", 413, "Too many comments.", "Zu viele Kommentare.", "too-large"),
            ("422", 422, "A configuration problem.", "Ein Konfigurationsfehler.", "refused"),
            ("410", 410, "The requested API has been removed.", "Entfernt.", "refused"),
        ]
        for operation in (CREATE, UPDATE)
    ],
]  # fmt: skip

SETTLED = [
    Case(
        "an assignee who cannot be assigned", 400, *NOT_ASSIGNABLE, LinkState.WAITING,
        note=AssigneeNote.NOT_ASSIGNABLE, sent_account=True,
    ),
    Case(
        "nobody cannot be assigned either", 400, *NOT_ASSIGNABLE, LinkState.WAITING,
        note=AssigneeNote.NOT_ON_SCREEN,
    ),
    Case("an issue that is gone", 404, *NO_ISSUE, LinkState.DELETED, operation=UPDATE),
    Case(
        "an issue out of sight", 404, *NO_ISSUE, LinkState.UNSEEN,
        FailureCode.MAY_NOT_BROWSE, "Project cannot be seen", operation=UPDATE, permissions=UNSEEN,
    ),
    Case(
        "an issue that nobody says is in sight", 404, *NO_ISSUE, LinkState.UNSEEN,
        FailureCode.MAY_NOT_BROWSE, "Project cannot be seen", operation=UPDATE, permissions=None,
    ),
]  # fmt: skip

TROUBLES = [
    lost("an expired token", 401, {"code": 401, "message": "Unauthorized"}),
    lost("an empty 401", 401, ""),
    lost("an HTML 401", 401, "<html>Log in</html>", "<html>Anmelden</html>"),
    lost("a missing scope", 401, {"code": 401, "message": "Unauthorized; scope does not match"}),
    lost("a site that the gateway does not know", 404, GATEWAY_404),
    lost("a site that nobody knows", 404, "<html>Site unavailable</html>", "<html>Weg</html>"),
    lost("a suspended site", 403, {"code": 403, "message": "Tenant is restricted: unpaid"}),
    *slowed("a burst", PauseScope.CONNECTION, 60, RateLimit_Reason="jira-burst-based",
            Retry_After="60"),
    *slowed("a tenant's quota", PauseScope.CONNECTION, 60, Retry_After="60",
            RateLimit_Reason="jira-quota-tenant-based"),
    *slowed("the app's quota", PauseScope.INSTALLATION, 1800, Retry_After="60",
            RateLimit_Reason="jira-quota-global-based", X_RateLimit_Reset="2026-11-24T14:30Z"),
    *slowed("one issue's limit", PauseScope.LINK, 2, Retry_After="2",
            RateLimit_Reason="jira-per-issue-on-write"),
    *slowed("a reason that nobody knows", PauseScope.CONNECTION, 60, Retry_After="60",
            RateLimit_Reason="jira-cost-based"),
    *slowed("a gateway's 429 without Retry-After", PauseScope.CONNECTION, 30, "<html>429</html>"),
    *slowed("an empty 429", PauseScope.CONNECTION, 30, ""),
]  # fmt: skip

NO_CONNECTION = MaxRetryError(None, "/", NewConnectionError(None, "refused"))  # type: ignore[arg-type]

OUTAGES = [
    unanswered("a timeout", 0, requests.ReadTimeout()),
    unanswered("a dropped connection", 0, requests.ConnectionError("aborted")),
    unanswered("a 500", 500, in_words("Internal server error")),
    unanswered("an HTML 502", 502, "<html>Bad gateway</html>"),
    unanswered("an HTML 503", 503, "<html>Maintenance</html>"),
    unanswered("a 503 that asks to wait", 503, "", headers={"Retry-After": "40"}, seconds=40),
    unanswered("a gateway that gave up", 504, {"code": 504, "message": "Gateway Timeout"}),
    unanswered("a 408", 408, ""),
    unanswered("a redirect", 307, ""),
    unanswered("HTML instead of JSON", 200, "<html>Log in</html>"),
    unanswered("a success that is cut off", 201, '{"id": "1000'),
    unanswered("a success without a key", 201, {"id": "10000"}),
    not_done("no connection", 0, requests.ConnectionError(NO_CONNECTION)),
    not_done("no connection in time", 0, requests.ConnectTimeout()),
    not_done("a firewall's HTML 403", 403, "<html>Blocked</html>"),
    not_done("a timeout, update", 0, requests.ReadTimeout(), operation=UPDATE),
    not_done("a 500, update", 500, in_words("Internal server error"), operation=UPDATE),
    not_done(
        "a 503 that asks to wait, update", 503, "", headers={"Retry-After": "40"}, seconds=40,
        operation=UPDATE,
    ),
]  # fmt: skip

CASES = [*REFUSALS, *SETTLED, *TROUBLES, *OUTAGES]
