"""Answers go out compressed where the browser takes it: brotli, else gzip.

Static files were compressed beforehand, as well as it can be done (`make assets`); what is made for
one person is compressed as it goes out. A page holds secrets beside what somebody typed, and how
small it becomes may tell of them: the only secret of worth, the token, is masked for each answer.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator

import brotli
from flask import Flask, Response, request

LEAST = 1024  # bytes: less is not worth it
BROTLI_QUALITY = 5  # of 11, for what is compressed while somebody waits
GZIP_LEVEL = 6  # of 9
SUFFIXES = {"br": ".br", "gzip": ".gz"}  # the better one first
TEXTS = frozenset({"text/html", "text/csv", "text/plain", "application/json"})


def init_app(app: Flask) -> None:
    app.after_request(_compress)


def accepted() -> list[str]:
    """The encodings that the browser takes, the better one first."""
    return [name for name in SUFFIXES if request.accept_encodings.quality(name) > 0]


def _compress(response: Response) -> Response:
    if response.mimetype not in TEXTS or response.content_encoding or request.endpoint == "static":
        return response
    response.vary.add("Accept-Encoding")
    encodings = accepted()
    if not encodings:
        return response
    if response.is_streamed:
        if "gzip" in encodings:
            response.response = _as_it_comes(response.iter_encoded())
            response.content_encoding = "gzip"
        return response
    body = response.get_data()
    if len(body) >= LEAST:
        response.set_data(_packed(body, encodings[0]))
        response.content_encoding = encodings[0]
    return response


def _packed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        packed: bytes = brotli.compress(body, quality=BROTLI_QUALITY)
        return packed
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


def _as_it_comes(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What has come is sent, whatever follows: nobody waits for a whole table."""
    packing = zlib.compressobj(GZIP_LEVEL, wbits=zlib.MAX_WBITS | 16)
    for chunk in chunks:
        yield packing.compress(chunk) + packing.flush(zlib.Z_SYNC_FLUSH)
    yield packing.flush()
