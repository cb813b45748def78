"""What Jira answers, and what comes of it: every row of design.md §4 and jira-platform.md §3, §4.

The words are Jira's, in the account's language: English and German must be decided alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from app.models import AssigneeNote, FailureCode, LinkState, Operation
from app.services.grants.pauses import PauseScope
from app.services.panel.advice import JIRA_SETTINGS

CREATE, UPDATE = Operation.CREATE, Operation.UPDATE
MAY_ALL = {"CREATE_ISSUES": True, "BROWSE_PROJECTS": True, "EDIT_ISSUES": True}
MAY_NOT_CREATE = MAY_ALL | {"CREATE_ISSUES": False}
MAY_NOT_EDIT = MAY_ALL | {"EDIT_ISSUES": False}
# Asked for a project that it cannot see, `mypermissions` answers 404.
UNSEEN: dict[str, bool] = {}


@dataclass(frozen=True)
class Case:
    """An answer, or an exception of the network, and the decision that must follow.

    seconds: until the next try, probe or the end of the pause, where there is one
    permissions: what Jira says when asked afterwards; None: it does not answer that either
    setting: where the advice leads
    """

    name: str
    status: int
    english: Any
    german: Any
    state: LinkState
    code: FailureCode | None = None
    heading: str = ""
    setting: str | None = None
    seconds: float | None = None
    operation: Operation = CREATE
    permissions: Mapping[str, bool] | None = field(default_factory=lambda: MAY_ALL)
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: PauseScope | None = None
    note: AssigneeNote | None = None
    sent_account: bool = False

    @property
    def uses_up_a_try(self) -> bool:
        return self.state in {LinkState.RETRYING, LinkState.UNKNOWN}

    def body(self, language: str) -> Any:
        return self.german if language == "German" else self.english


def by_field(**words: str) -> dict[str, Any]:
    return {"errorMessages": [], "errors": words}


def in_words(words: str) -> dict[str, Any]:
    return {"errorMessages": [words], "errors": {}}


def refused(
    name: str, status: int, english: Any, german: Any, code: FailureCode, **more: Any
) -> Case:
    heading, setting = HEADINGS[code]
    retried = {"state": LinkState.RETRYING, "seconds": 10}
    return Case(
        name, status, english, german, code=code, heading=heading, setting=setting, **retried | more
    )


def unanswered(name: str, status: int, body: Any, **more: Any) -> Case:
    """A create whose outcome is open: looked up after 15 seconds."""
    given = {"state": LinkState.UNKNOWN, "seconds": 15} | more
    return _unavailable(name, status, body, given)


def not_done(name: str, status: int, body: Any, **more: Any) -> Case:
    """Certainly not done, or harmless to do twice: simply tried again."""
    return _unavailable(name, status, body, {"state": LinkState.RETRYING, "seconds": 10} | more)


def slowed(
    name: str, scope: PauseScope, seconds: float, body: Any = None, **headers: str
) -> list[Case]:
    """A 429 to a create and to an update; nothing of it is a try."""
    said = {key.replace("_", "-"): value for key, value in headers.items()}
    texts = (body, body) if body is not None else (in_words("Rate limit"), in_words("Zu viele"))
    return [
        Case(
            f"{name}, {operation}",
            429,
            *texts,
            LinkState.WAITING,
            operation=operation,
            pause=scope,
            seconds=seconds,
            headers=said,
        )
        for operation in (CREATE, UPDATE)
    ]


def lost(name: str, status: int, english: Any, german: Any = None) -> Case:
    """Only a reconnect helps; the link waits untouched."""
    return Case(name, status, english, german or english, LinkState.WAITING)


def _unavailable(name: str, status: int, body: Any, given: dict[str, Any]) -> Case:
    code = FailureCode.JIRA_UNAVAILABLE
    heading, setting = HEADINGS[code]
    return Case(name, status, body, body, code=code, heading=heading, setting=setting, **given)


HEADINGS = {
    FailureCode.JIRA_UNAVAILABLE: ("Jira did not answer", None),
    FailureCode.REQUIRED_FIELD: ("A required field is missing", JIRA_SETTINGS),
    FailureCode.PROJECT_GONE: ("Project not available", JIRA_SETTINGS),
    FailureCode.ISSUE_TYPE_GONE: ("Issue type not available", JIRA_SETTINGS),
    FailureCode.FIELD_REFUSED: ("Jira refused a field", None),
    FailureCode.MAY_NOT_CREATE: ("Permission denied", None),
    FailureCode.MAY_NOT_EDIT: ("Permission denied", None),
    FailureCode.MAY_NOT_BROWSE: ("Project cannot be seen", None),
    FailureCode.CONFLICT: ("The issue was changed at the same time", None),
    FailureCode.TOO_LARGE: ("Too large for Jira", None),
    FailureCode.REFUSED: ("Jira did not accept it", JIRA_SETTINGS),
}

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
