"""How Jira and its gateway say no: one exception, one constructor per recorded shape."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from demo.jira_cloud.answers.texts import Text


class Refusal(Exception):
    """An answer that is not a success. `body` is JSON, or HTML when it is a string."""

    def __init__(
        self,
        status: int,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        media_type: str = "application/json",
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})
        self.media_type = media_type


class JiraRefusal(Refusal):
    """Jira's ErrorCollection; its texts are put into words in the account's language."""

    def __init__(
        self, status: int, *messages: Text, errors: Mapping[str, Text] | None = None
    ) -> None:
        super().__init__(status)
        self.messages = messages
        self.errors = dict(errors or {})

    def collection(self, language: str) -> dict[str, Any]:
        """The ErrorCollection as Jira writes it."""
        return {
            "errorMessages": [message.words(language) for message in self.messages],
            "errors": {name: message.words(language) for name, message in self.errors.items()},
        }


class BareRefusal(JiraRefusal):
    """An ErrorCollection without `errors`, as for an unreadable body (jira-platform.md §3)."""

    def collection(self, language: str) -> dict[str, Any]:
        """Only the messages."""
        return {"errorMessages": [message.words(language) for message in self.messages]}


def unauthorized(reason: str = "Unauthorized") -> Refusal:
    """The gateway's 401; a missing scope reads the same but for its words (jira-platform.md §3)."""
    return Refusal(401, {"code": 401, "message": reason})


def scope_does_not_match() -> Refusal:
    """The gateway's answer to a missing scope. It does not name the scope."""
    return unauthorized("Unauthorized; scope does not match")


def unknown_site(path: str, now: datetime) -> Refusal:
    """The gateway's 404 for a cloud id that the token does not reach (jira-platform.md §1.6)."""
    return Refusal(
        404,
        {
            "timestamp": now.isoformat(timespec="milliseconds"),
            "status": 404,
            "error": "Not Found",
            "message": "No message available",
            "path": path,
        },
    )


def unknown_path(path: str) -> Refusal:
    """Jira's 404 for a path that is no operation (jira-platform.md §3)."""
    return Refusal(
        404,
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": f"No endpoint {path}",
            "instance": path,
        },
        media_type="application/problem+json",
    )


def oauth_error(status: int, error: str, description: str) -> Refusal:
    """An answer of the token endpoint (jira-platform.md §1.4)."""
    return Refusal(status, {"error": error, "error_description": description})


def unavailable() -> Refusal:
    """What a proxy says while Jira is down: HTML, not JSON."""
    return Refusal(
        503,
        "<!doctype html><html lang=en><title>503</title>"
        "<h1>503 Service Temporarily Unavailable</h1></html>",
        media_type="text/html",
    )


def too_many_requests(
    retry_after: int | None, reason: str | None, reset: datetime | None = None
) -> Refusal:
    """429. A gateway's own may come without Retry-After (jira-platform.md §4)."""
    headers = {}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    if reason is not None:
        headers["RateLimit-Reason"] = reason
    if reset is not None:
        headers["X-RateLimit-Reset"] = reset.strftime("%Y-%m-%dT%H:%MZ")
    return Refusal(429, {"message": "Rate limit exceeded."}, headers=headers)
