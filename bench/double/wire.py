"""As much of HTTP/1.1 as the clients of the bench speak: kept-alive, bodies with a length."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

REASONS = {200: "OK", 201: "Created", 204: "No Content", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    body: Any


@dataclass(frozen=True)
class Answered:
    """What is answered, and after how many seconds."""

    status: int
    body: Any = None
    after: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    as_it_leaves: Callable[[], None] = lambda: None


class Connection(asyncio.Protocol):
    """One client's connection; asks `answer` for each request."""

    def __init__(self, answer: Callable[[Asked], Answered]) -> None:
        self._answer = answer
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (asked := self._whole_request()) is not None:
            answered = self._answer(asked)
            asyncio.get_running_loop().call_later(answered.after, self._send, answered)

    def _whole_request(self) -> Asked | None:
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = self._received[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in map(_parted, lines)}
        length = int(headers.get("content-length", "0"))
        if len(self._received) < end + 4 + length:
            return None
        content = bytes(self._received[end + 4 : end + 4 + length])
        del self._received[: end + 4 + length]
        method, target, _ = first.split(" ")
        parts = urlsplit(target)
        return Asked(method, unquote(parts.path), parse_qs(parts.query), _read(content, headers))

    def _send(self, answered: Answered) -> None:
        answered.as_it_leaves()
        content = b"" if answered.body is None else json.dumps(answered.body).encode()
        lines = [
            f"HTTP/1.1 {answered.status} {REASONS.get(answered.status, 'Other')}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
            *(f"{name}: {value}" for name, value in answered.headers.items()),
        ]
        if self._transport is not None and not self._transport.is_closing():
            # At once: in two packets the second would wait for the first one's receipt.
            self._transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + content)


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition(":")


def _read(content: bytes, headers: Mapping[str, str]) -> Any:
    if not content:
        return None
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {name: values[0] for name, values in parse_qs(content.decode()).items()}
    return json.loads(content)
