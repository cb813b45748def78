"""What an address or a form may carry at all, before any view looks at it."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Map

from app.identifiers import LARGEST_ID

NUL = "\x00"  # no text column of PostgreSQL can hold it


def init_app(app: Flask) -> None:
    app.request_class = PlainRequest
    app.url_map.converters["int"] = IdConverter
    app.before_request(_refuse_nul_in_path)


class IdConverter(IntegerConverter):
    """A row's id. What no row can have is an address that does not exist."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ID)


class PlainParameters(ImmutableMultiDict[str, str]):
    """Fields of a form or an address, without the NUL that pasted text may hold."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__([(_plain(name), _plain(value)) for name, value in pairs])


class PlainRequest(Request):
    parameter_storage_class = PlainParameters


def _plain(text: str) -> str:
    return text.replace(NUL, "")


def _refuse_nul_in_path() -> Any:
    if NUL in request.path:
        abort(404)
