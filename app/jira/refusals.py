"""Turns an HTTP answer that is not a success into an error (jira-platform.md §3 and §4).

Decided by status, shape and field keys. Jira's sentences are translated, so they are only passed
on; the two texts looked at here are the gateway's own codes, which are not.
"""

import math
from collections.abc import Mapping
from typing import Any

from app.clock import utcnow
from app.jira import reading
from app.jira.errors import (
    Facts,
    JiraError,
    JiraRateLimited,
    JiraRefused,
    JiraTurnedAway,
    JiraUnauthorized,
    JiraUnavailable,
    UnauthorizedReason,
)
from app.jira.transport import Answer

GATEWAY_KEYS = frozenset({"code", "timestamp", "path"})
OTHER_SENTENCES = ("errorMessage", "message", "error_description", "detail", "title")
SCOPE_MISSING = "scope does not match"
SUSPENDED = "Tenant is restricted"
# Jira files a parent of the wrong level under a name that nobody has sent (jira-platform.md §11.7).
_OTHER_NAMES = {"parentId": "parent"}


def refusal(answer: Answer) -> JiraError:
    """The error that an answer of Jira's REST API with a status other than 2xx stands for."""
    body = _body(answer)
    if answer.status == 429:
        return rate_limited(answer, body)
    if _suspended(answer, body):
        return JiraUnauthorized(answer.operation, reason="site", **facts_of(answer, body))
    if answer.status == 401:
        reason: UnauthorizedReason = "scope" if SCOPE_MISSING in answer.text() else "token"
        return JiraUnauthorized(answer.operation, reason=reason, **facts_of(answer, body))
    if says_no_site(answer):
        return JiraUnauthorized(answer.operation, reason="site", **facts_of(answer, body))
    if _refused(answer, body):
        return JiraRefused(answer.operation, **facts_of(answer, body))
    return unavailable(answer, body)


def says_no_site(answer: Answer) -> bool:
    """Whether it is a 404 that never reached Jira: its site is gone, or the request is stopped."""
    return answer.status == 404 and _from_gateway(_body(answer))


def turned_away(answer: Answer) -> JiraTurnedAway:
    """The error of such an answer where the site is known to be there. Nothing was done."""
    return JiraTurnedAway(answer.operation, **facts_of(answer, _body(answer)))


def element_refusal(operation: str, element: Mapping[str, Any], trace_id: str | None) -> JiraError:
    """The error of one issue inside the answer to a bulk create (jira-platform.md §2.5)."""
    status = reading.number(element.get("status"))
    said = reading.mapping(element.get("elementErrors"))
    facts = Facts(
        status=status,
        trace_id=trace_id,
        messages=reading.texts(said.get("errorMessages")),
        field_errors=_field_errors(said.get("errors")),
    )
    if status == 429:
        return JiraRateLimited(operation, **facts)
    if status is not None and status >= 500:
        facts["outcome_unknown"] = True
        return JiraUnavailable(operation, **facts)
    return JiraRefused(operation, **facts)


def rate_limited(answer: Answer, body: Any) -> JiraRateLimited:
    """A 429, with what its headers say about when to come back."""
    headers = answer.headers
    return JiraRateLimited(
        answer.operation,
        retry_after=retry_after(headers),
        reason=headers.get("RateLimit-Reason"),
        reset_at=reading.moment(headers.get("X-RateLimit-Reset")),
        **facts_of(answer, body),
    )


def unavailable(
    answer: Answer, body: Any = None, *, misconfigured: bool = False
) -> JiraUnavailable:
    """An answer that cannot be used, whatever its status."""
    facts = facts_of(answer, body)
    # 408 is a gateway that gave up waiting; any other 4xx means that nothing was done.
    done_nothing = 400 <= answer.status < 500 and answer.status != 408
    facts["outcome_unknown"] = answer.write and not done_nothing
    return JiraUnavailable(
        answer.operation,
        retry_after=retry_after(answer.headers),
        misconfigured=misconfigured,
        **facts,
    )


def facts_of(answer: Answer, body: Any) -> Facts:
    """What the answer itself says, for the error that is made of it."""
    said = reading.mapping(body)
    return Facts(
        status=answer.status,
        trace_id=answer.trace_id,
        messages=_messages(said),
        field_errors=_field_errors(said.get("errors")),
        body=answer.text(),
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait at least, from `Retry-After` as seconds or as a date; None if unsaid."""
    said = (headers.get("Retry-After") or headers.get("Beta-Retry-After") or "").strip()
    try:
        seconds = float(said)
    except ValueError:
        seconds = _seconds_until(said)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_until(words: str) -> float:
    until = reading.http_date(words)
    return math.nan if until is None else (until - utcnow()).total_seconds()


def _body(answer: Answer) -> Any:
    """The JSON of an error; its text when it is something else; None when it is empty."""
    try:
        return answer.json()
    except ValueError:
        return answer.text()


def _refused(answer: Answer, body: Any) -> bool:
    """Jira's own no. Its 4xx may be empty; HTML comes from something that stands before it."""
    return 400 <= answer.status < 500 and answer.status != 408 and not isinstance(body, str)


def _from_gateway(body: Any) -> bool:
    """What is not Jira's: HTML, or JSON of another shape.

    Source: jira-platform.md §1.6, §3.
    """
    if isinstance(body, str):
        return True
    said = reading.mapping(body)
    jiras_own = "errorMessages" in said or "errors" in said
    return not jiras_own and not GATEWAY_KEYS.isdisjoint(said)


def _suspended(answer: Answer, body: Any) -> bool:
    if answer.status < 400:
        return False
    return any(words.startswith(SUSPENDED) for words in _messages(body)) or (
        isinstance(body, str) and body.startswith(SUSPENDED)
    )


def _messages(body: Any) -> tuple[str, ...]:
    """Jira's `errorMessages`; else the one sentence of the gateway, OAuth or problem+json."""
    said = reading.mapping(body)
    messages = reading.texts(said.get("errorMessages"))
    if messages:
        return messages
    return reading.texts([said.get(key) for key in OTHER_SENTENCES])[:1]


def _field_errors(errors: Any) -> dict[str, str]:
    return {
        _OTHER_NAMES.get(field, field): words if isinstance(words, str) else str(words)
        for field, words in reading.mapping(errors).items()
        if words is not None
    }
