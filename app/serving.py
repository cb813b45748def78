"""`python -m app.serving`: the web server. A request takes a thread when all of it has arrived.

granian hands a WSGI app its body while it still comes in, so eight senders that trickle would hold
every thread of every process (stack.md §9). Through its asynchronous interface a body that is
being waited for holds nothing but its bytes.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextvars import Context
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

from app import create_app, side_by_side, starting
from app.operations.metrics import requests
from config import LEAST_THREADS, ConfigurationError

LARGEST_BODY = 1024 * 1024 + 2  # bytes; one more than any view takes, so that it says so itself
PATIENCE = 300.0  # seconds for a body to arrive
LOG_CONFIG = Path(__file__).resolve().parent / "operations" / "granian_log.json"
# fmt: off
GRANIAN = (
    "--interface", "rsgi", "--no-ws", "--respawn-failed-workers", "--log-config", str(LOG_CONFIG),
)
# fmt: on


class Scope(Protocol):
    """What granian says of a request."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None
    headers: Any


class Intake(Protocol):
    """Answers some requests itself, without a thread."""

    def takes(self, method: str, path: str, host: str | None, headers: Any) -> bool:
        """Whether a request is for it; by what comes before the body."""

    async def answer(
        self, headers: Any, body: Callable[[], Awaitable[bytes]]
    ) -> tuple[int, list[tuple[str, str]]]:
        """Status and headers of an answer that has no body."""


class Head(NamedTuple):
    status: int
    headers: list[tuple[str, str]]


class Served:
    """The WSGI app `application`, for `granian --interface rsgi`."""

    def __init__(
        self,
        application: WSGIApplication,
        threads: int = LEAST_THREADS,
        intake: Intake | None = None,
    ) -> None:
        self.application = application
        self.threads = side_by_side.executor(threads)
        self.intake = intake

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        try:
            if self.intake is not None and self._is_for(self.intake, scope):
                head = await self.intake.answer(scope.headers, partial(_body, protocol))
                protocol.response_empty(*head)
                return
            body = await _body(protocol) if _has_body(scope) else b""
        except TimeoutError:  # also the end of one whose sender has left
            protocol.response_empty(408, [("connection", "close")])
            return
        await self._answer(scope, protocol, body)

    def _is_for(self, intake: Intake, scope: Scope) -> bool:
        host = scope.authority or scope.headers.get("host")
        return intake.takes(scope.method, scope.path, host, scope.headers)

    async def _answer(self, scope: Scope, protocol: Any, body: bytes) -> None:
        answer = Answer(self.application, environ_of(scope, body))
        await self._in_thread(answer.begin)
        if answer.whole is not None:
            protocol.response_bytes(*answer.head, answer.whole)
            return
        transport = protocol.response_stream(*answer.head)
        try:
            while chunk := await self._in_thread(answer.next_chunk):
                await transport.send_bytes(chunk)
        finally:
            await self._in_thread(answer.close)

    async def _in_thread(self, call: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, call)


class Answer:
    """One run of the application: in one context, although its parts may run in several threads."""

    def __init__(self, application: WSGIApplication, environ: WSGIEnvironment) -> None:
        self._application = application
        self._environ = environ
        self._context = Context()
        self._chunks: Iterable[bytes] = ()
        self._rest: Iterator[bytes] = iter(())
        self.head = Head(500, [])
        self.whole: bytes | None = None

    def begin(self) -> None:
        """Run the view. An answer whose length is known is taken as a whole."""
        self._context.run(self._begin)

    def next_chunk(self) -> bytes:
        """The next part of an answer that comes in parts; empty at its end."""
        return self._context.run(self._next)

    def close(self) -> None:
        self._context.run(_close, self._chunks)

    def _begin(self) -> None:
        self._chunks = self._application(self._environ, self._start)
        if any(name == "content-length" for name, _ in self.head.headers):
            try:
                self.whole = b"".join(self._chunks)
            finally:
                _close(self._chunks)
        else:
            self._rest = iter(self._chunks)

    def _next(self) -> bytes:
        return next((chunk for chunk in self._rest if chunk), b"")

    def _start(self, status: str, headers: list[tuple[str, str]], *_trouble: Any) -> Any:
        named = [(name.lower(), value) for name, value in headers]
        self.head = Head(int(status.split(" ", 1)[0]), named)


def environ_of(scope: Scope, body: bytes) -> WSGIEnvironment:
    """PEP 3333's view of a request. Names with an underscore are left out: they would read like
    those with a hyphen, which a proxy in front sets."""
    host, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),  # brackets: IPv6
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    environ |= _headers(scope.headers)
    if environ.pop("HTTP_TRANSFER_ENCODING", None):  # by now its length is known
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _headers(headers: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        joined = "; " if key == "HTTP_COOKIE" else ","
        found[key] = f"{found[key]}{joined}{value}" if key in found else value
    return found


def _has_body(scope: Scope) -> bool:
    """Whether there is one to wait for. One that says that it is too large is refused unread."""
    if "transfer-encoding" in scope.headers:
        return True
    length = scope.headers.get("content-length", "0")
    return length.isdigit() and 0 < int(length) < LARGEST_BODY


async def _body(protocol: Any) -> bytes:
    """All of it, or as much as tells that it is too much."""
    body = bytearray()
    async with asyncio.timeout(PATIENCE):
        async for chunk in protocol:
            body += chunk
            if len(body) >= LARGEST_BODY:
                break
    return bytes(body[:LARGEST_BODY])


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()


def granian(processes: int) -> list[str]:
    """The beginning of its command line, for so many processes."""
    return [sys.executable, "-m", "granian", *GRANIAN, "--workers", str(processes)]


def main(options: list[str]) -> int:
    """Become granian, with `options` of its own beside ours; 1 with one sentence if it cannot."""
    try:
        app = create_app()
        starting.refuse(app)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    if app.config["METRICS_TOKEN"]:
        requests.share(os.environ)
    command = [*granian(app.config["WEB_PROCESSES"]), *options, "wsgi:server"]
    return os.execv(sys.executable, command)  # noqa: S606 - no shell, and nothing that anybody typed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
