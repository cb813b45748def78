"""How a request reaches the app: what granian hands over, and what it gets back."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import pytest

from app import serving
from app.serving import Served


class Scope:
    """A request as granian tells of it."""

    http_version, server, client, scheme = "1.1", "127.0.0.1:8000", "10.1.2.3:4000", "http"
    query_string, authority = "", "localhost"

    def __init__(self, method: str = "GET", path: str = "/", **headers: str) -> None:
        self.method, self.path = method, path
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Protocol:
    """granian's side: the body in parts, and what it was told to answer."""

    def __init__(self, *parts: bytes, stalls: bool = False, leaves_after: int = 99) -> None:
        self.parts, self.stalls, self.leaves_after = parts, stalls, leaves_after
        self.answered: list[Any] = []

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            yield part
        if self.stalls:
            await asyncio.sleep(60)

    def response_empty(self, status: int, _headers: list[tuple[str, str]]) -> None:
        self.answered.append(status)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answered += [status, headers, body]

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> "Protocol":
        self.answered += [status, headers]
        return self

    async def send_bytes(self, chunk: bytes) -> None:
        if len(self.answered) - 2 >= self.leaves_after:
            raise RuntimeError("the reader left")
        self.answered.append(chunk)


def run(application: Any, scope: Scope, protocol: Protocol) -> list[Any]:
    asyncio.run(Served(application).__rsgi__(scope, protocol))
    return protocol.answered


def says_its_body(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def test_a_body_is_handed_over_as_a_whole() -> None:
    protocol = Protocol(b"one ", b"two")

    answered = run(says_its_body, Scope("POST", content_length="7"), protocol)

    assert answered == [200, [("content-length", "7")], b"one two"]


def test_a_body_that_does_not_come_to_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 0.05)

    answered = run(says_its_body, Scope("POST", content_length="7"), Protocol(b"one", stalls=True))

    assert answered == [408]


def test_a_body_without_a_length_is_read_until_it_is_too_much() -> None:
    parts = [b"x" * 500_000] * 4

    answered = run(says_its_body, Scope("POST", transfer_encoding="chunked"), Protocol(*parts))

    assert len(answered[2]) == serving.LARGEST_BODY


def test_an_answer_in_parts_is_sent_as_it_comes_and_closed_when_its_reader_leaves() -> None:
    closed = []

    class Parts:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"one", b"", b"two", b"three"])

        def close(self) -> None:
            closed.append(True)

    def table(_environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/csv")])
        return Parts()

    assert run(table, Scope(), Protocol())[2:] == [b"one", b"two", b"three"]
    with pytest.raises(RuntimeError):
        run(table, Scope(), Protocol(leaves_after=1))
    assert closed == [True, True]


def test_a_path_is_what_the_browser_meant() -> None:
    def says_its_path(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"].encode("latin-1")
        start("200 OK", [("Content-Length", str(len(path)))])
        return [path]

    answered = run(says_its_path, Scope(path="/a%20b%C3%A9"), Protocol())

    assert answered[2].decode() == "/a bé"
