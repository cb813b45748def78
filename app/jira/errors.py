"""What can go wrong with Jira, sorted by what can be done about it (design.md §4).

Jira's texts are translated and often misleading, so a caller decides by class, `status` and the
keys of `field_errors`. `sentence` is there to be shown, never to be compared.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypedDict, Unpack

BODY_LIMIT = 2000

UnauthorizedReason = Literal["token", "scope", "site", "installation"]


class Facts(TypedDict, total=False):
    """What every error can say; see JiraError."""

    status: int | None
    trace_id: str | None
    messages: Sequence[str]
    field_errors: Mapping[str, str]
    body: str
    outcome_unknown: bool


class JiraError(Exception):
    """A request to Atlassian that did not do what was asked.

    operation: the client method, such as `create_issue`
    status: the HTTP status; None when no answer was received
    trace_id: Atlassian's own name for the request, which their support asks for
    messages, field_errors: Jira's own words, for the whole and by field id
    body: the answer, cut to 2,000 characters, without tokens
    outcome_unknown: a write may have happened although it failed
    """

    def __init__(self, operation: str, **facts: Unpack[Facts]) -> None:
        super().__init__(operation)
        self.operation = operation
        self.status = facts.get("status")
        self.trace_id = facts.get("trace_id")
        self.messages = tuple(facts.get("messages", ()))
        self.field_errors = dict(facts.get("field_errors", {}))
        self.body = facts.get("body", "")[:BODY_LIMIT]
        self.outcome_unknown = facts.get("outcome_unknown", False)

    @property
    def sentence(self) -> str:
        """Jira's own words joined, in the account's language; empty when it said nothing."""
        said = [*self.messages, *self.field_errors.values()]
        return " ".join(dict.fromkeys(words.strip() for words in said if words.strip()))

    def __str__(self) -> str:
        """The facts for a log: Jira's words may quote what people wrote, so they stay out."""
        facts = f"{self.operation}: {self.status or 'no answer'}"
        return f"{facts} (trace {self.trace_id})" if self.trace_id else facts


class JiraUnavailable(JiraError):
    """No usable answer: network, timeout, 5xx, a redirect, HTML instead of JSON.

    retry_after: seconds that Atlassian asked us to wait, as a minimum
    misconfigured: our own client secret or set-up is refused; an operator must act
    """

    def __init__(
        self,
        operation: str,
        *,
        retry_after: float | None = None,
        misconfigured: bool = False,
        **facts: Unpack[Facts],
    ) -> None:
        super().__init__(operation, **facts)
        self.retry_after = retry_after
        self.misconfigured = misconfigured


class JiraTurnedAway(JiraUnavailable):
    """Something before Jira answers this request in its place, while the site is known to answer.

    A 404 that never reached Jira, so nothing was done by it (jira-platform.md §1.6, §3).
    """


class JiraRateLimited(JiraError):
    """Too many requests (429). Nothing was done.

    retry_after: seconds to wait at least; a gateway's 429 may not say
    reason: `jira-quota-global-based`, `jira-quota-tenant-based`, `jira-burst-based`,
        `jira-per-issue-on-write` or another word (jira-platform.md §4)
    reset_at: when the quota is whole again, UTC
    """

    def __init__(
        self,
        operation: str,
        *,
        retry_after: float | None = None,
        reason: str | None = None,
        reset_at: datetime | None = None,
        **facts: Unpack[Facts],
    ) -> None:
        super().__init__(operation, **facts)
        self.retry_after = retry_after
        self.reason = reason
        self.reset_at = reset_at


class JiraRefused(JiraError):
    """Jira understood and said no (4xx): a person has to change something."""


class JiraUnauthorized(JiraError):
    """The grant, one of its scopes or its site is gone: an admin reconnects.

    reason: `token` (expired or dead), `scope` (not granted), `site` (gone, unknown or suspended),
        `installation` (our client secret is refused, or our key does not open the tokens: the
        grant may be fine, and the operator acts)
    """

    def __init__(
        self,
        operation: str,
        *,
        reason: UnauthorizedReason = "token",
        **facts: Unpack[Facts],
    ) -> None:
        super().__init__(operation, **facts)
        self.reason: UnauthorizedReason = reason


class GrantRefused(JiraUnauthorized):
    """Atlassian will not refresh this grant any more: only a new consent helps."""
