"""A row of the table of refusals: an answer of Jira, and the decision that must follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.models import AssigneeNote, FailureCode, LinkState, Operation
from app.services.grants.pauses import PauseScope
from app.services.panel.advice import JIRA_SETTINGS

CREATE, UPDATE = Operation.CREATE, Operation.UPDATE
MAY_ALL = {"CREATE_ISSUES": True, "BROWSE_PROJECTS": True, "EDIT_ISSUES": True}


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
