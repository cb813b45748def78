"""The only place that speaks HTTP to Atlassian: always a timeout, never a retry or a redirect."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from blinker import Signal
from requests.exceptions import ContentDecodingError, InvalidJSONError
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, SSLError

from app.clock import monotonic, utcnow
from app.jira import points
from app.jira.deadline import DeadlineAdapter
from app.jira.errors import JiraUnavailable
from app.jira.reading import http_date
from app.jira.types import Call

Timeout = tuple[float, float]
NotePoints = Callable[[int, points.Left | None], None]

TIMEOUT: Timeout = (3.05, 20.0)
# Far more than the longest page of anything that we ask for.
LONGEST_BODY = 16 * 1024 * 1024  # bytes
NEVER_SENT = (NewConnectionError, ConnectTimeoutError)

# Sent with each call as it ends, in the thread that sent it.
called = Signal()
_recorders: ContextVar[tuple[list[Call], ...]] = ContextVar("jira_calls", default=())


@contextmanager
def recorded_calls() -> Iterator[list[Call]]:
    """Collect every request made in this context, failing ones included.

    A context variable belongs to its thread: enter this in the thread that calls Jira.
    """
    calls: list[Call] = []
    token = _recorders.set((*_recorders.get(), calls))
    try:
        yield calls
    finally:
        _recorders.reset(token)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, as far as it matters. `write`: the request may have changed something."""

    operation: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    write: bool
    secrets: tuple[str, ...] = ()

    @property
    def trace_id(self) -> str | None:
        return self.headers.get("Atl-Traceid") or self.headers.get("X-Arequestid")

    @property
    def near_limit(self) -> bool:
        return self.headers.get("X-RateLimit-NearLimit", "").lower() == "true"

    @property
    def at(self) -> datetime | None:
        """When Jira answered, by its own clock and in whole seconds (jira-platform.md §3)."""
        return http_date(self.headers.get("Date"))

    def json(self) -> Any:
        """The body read as JSON, None when it is empty. Raises ValueError for anything else."""
        if not self.content.strip():
            return None
        try:
            return json.loads(self.content)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error

    def text(self) -> str:
        """The body as text, without the secrets that the request carried."""
        words = self.content.decode("utf-8", errors="replace")
        for secret in filter(None, self.secrets):
            words = words.replace(secret, "…")
        return words


class Transport:
    """Sends requests to one origin. May be used from as many threads as `pool_size`.

    `before_request` is called before anything is sent and may raise to prevent it: the
    application refuses to wait for Jira while a database transaction is open. `note_points` is
    called after each request with what it has cost of the hour's points, and with how many are left
    where Jira says so.
    """

    def __init__(
        self,
        session: requests.Session,
        base_url: str,
        *,
        before_request: Callable[[], None] | None,
        timeout: Timeout,
        pool_size: int = 8,
        note_points: NotePoints | None = None,
    ) -> None:
        if urlsplit(base_url).scheme not in ("http", "https"):
            raise ValueError("The address of Atlassian must begin with http:// or https://.")
        adapter = DeadlineAdapter(pool_connections=1, pool_maxsize=pool_size, max_retries=0)
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        session.headers.update({"Accept": "application/json", "User-Agent": "Unpack"})
        # Threads share the session; a gateway's cookies must not travel between them.
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.session = session
        self._base_url = base_url.rstrip("/")
        self._before_request = before_request
        self._note_points = note_points
        self._timeout = timeout

    def request(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        write: bool = False,
        secrets: tuple[str, ...] = (),
    ) -> Answer:
        """Send one request and return whatever was answered, errors included.

        Raises JiraUnavailable when nothing was, or not all of it within the read timeout; its
        `outcome_unknown` says whether a write
        may have arrived all the same.
        """
        started_at, start = utcnow(), monotonic()
        if self._before_request:
            self._before_request()  # the last thing: a process may be frozen between any two
        answer: Answer | None = None
        try:
            response = self.session.request(
                method,
                self._base_url + path,
                params=params,
                json=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            )
            answer = _answer(operation, response, write, secrets)
            return answer
        except requests.RequestException as error:
            # Not chained: requests keeps the token, and its text the address with its query.
            unknown = write and not _never_sent(error)
            raise JiraUnavailable(
                operation, body=type(error).__name__, outcome_unknown=unknown
            ) from None
        finally:
            duration_ms = round((monotonic() - start) * 1000)
            _record(operation, method, path, answer, duration_ms, started_at)
            if self._note_points:
                answered = answer.json if answer else lambda: None
                left = points.left_of(answer.headers) if answer else None
                self._note_points(points.of_request(operation, body, answered), left)


def _answer(
    operation: str, response: requests.Response, write: bool, secrets: tuple[str, ...]
) -> Answer:
    headers = CaseInsensitiveDict(response.headers)
    content = _body(response)
    return Answer(operation, response.status_code, headers, content, write, secrets)


def _body(response: requests.Response) -> bytes:
    """The whole body. Raises what a dropped connection raises when it is absurdly long."""
    content = bytearray()
    with closing(response):
        for chunk in response.iter_content(64 * 1024):
            content += chunk
            if len(content) > LONGEST_BODY:
                raise ContentDecodingError("the body is too long")
    return bytes(content)


def _record(
    operation: str,
    method: str,
    path: str,
    answer: Answer | None,
    duration_ms: int,
    started_at: datetime,
) -> None:
    call = Call(
        operation=operation,
        method=method,
        path=path,
        status=answer.status if answer else None,
        duration_ms=duration_ms,
        trace_id=answer.trace_id if answer else None,
        near_limit=answer.near_limit if answer else False,
        started_at=started_at,
        answered_at=answer.at if answer else None,
    )
    for recorder in _recorders.get():
        recorder.append(call)
    called.send(call)


def _never_sent(error: requests.RequestException) -> bool:
    """Whether the request certainly did not leave: no connection, or no valid request."""
    if isinstance(error, ValueError | requests.ConnectTimeout | InvalidJSONError):
        return True
    return any(_is_before_sending(cause) for cause in _causes(error))


def _is_before_sending(cause: BaseException) -> bool:
    if isinstance(cause, SSLError):
        # Any other TLS failure may also come while the answer is read.
        return "CERTIFICATE_VERIFY_FAILED" in str(cause)
    return isinstance(cause, NEVER_SENT)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What urllib3 wrapped, outermost first: `reason` of a MaxRetryError, then what it holds."""
    following: list[object] = [error]
    seen: set[int] = set()
    while following:
        cause = following.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        following += [*cause.args, getattr(cause, "reason", None)]
        following.append(getattr(cause, "original_error", None))
