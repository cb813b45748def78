"""A request and its answer as HTTP has them, apart from any connection."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import parse_qsl, unquote

from werkzeug.datastructures import Headers, MultiDict
from werkzeug.http import parse_options_header


@dataclass(frozen=True)
class Request:
    """What a client asks. `target` is the path with the query, as it stands in the first line.

    `address` and `port` are the client's own.
    """

    method: str
    target: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    address: str = "127.0.0.1"
    port: int = 0

    @cached_property
    def path(self) -> str:
        """The path in plain characters, without the query."""
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> str:
        """The query as it came."""
        return self.target.partition("?")[2]

    @cached_property
    def parameters(self) -> MultiDict[str, str]:
        """The query's parameters; one may come several times."""
        return MultiDict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def media_type(self) -> str:
        """What the body is said to be, such as application/json."""
        return parse_options_header(self.headers.get("Content-Type"))[0].lower()


@dataclass(frozen=True)
class Response:
    """An answer."""

    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=Headers)


@dataclass(frozen=True)
class Dropped:
    """The connection ends without an answer; `done` tells whether the work had been done."""

    done: bool
    status: ClassVar[int] = 0  # what the log shows


Outcome = Response | Dropped


def json_response(status: int, body: Any, media_type: str = "application/json") -> Response:
    """JSON, or nothing at all for None."""
    text = "" if body is None else json.dumps(body, ensure_ascii=False)
    return Response(status, text.encode(), Headers({"Content-Type": media_type}))


def html_response(status: int, page: str) -> Response:
    """A page."""
    return Response(status, page.encode(), Headers({"Content-Type": "text/html; charset=utf-8"}))
