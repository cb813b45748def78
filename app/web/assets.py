"""Addresses of static files carry a hash of the content, so that they can be cached for a year.

Beside a file lies what `make assets` made of it, compressed, for browsers that take it.
"""

import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, send_from_directory

from app.web import compression
from app.web.access import public

YEAR = 365 * 24 * 3600
# Of a file that is a part of a page, whole and told apart by its ETag.
_USELESS = ("Content-Disposition", "Last-Modified", "Accept-Ranges")


def init_app(app: Flask) -> None:
    app.view_functions["static"] = _send
    app.url_defaults(_add_version)
    app.after_request(_cache_versioned)


@public
def _send(filename: str) -> Response:
    folder = Path(current_app.static_folder or "")
    for encoding in compression.accepted():
        packed = f"{filename}{compression.SUFFIXES[encoding]}"
        if (folder / packed).is_file():
            kind, _ = mimetypes.guess_type(filename)
            answer = send_from_directory(folder, packed, mimetype=kind)
            answer.content_encoding = encoding
            break
    else:
        answer = current_app.send_static_file(filename)
    answer.vary.add("Accept-Encoding")
    for useless in _USELESS:
        answer.headers.remove(useless)
    return answer


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "filename" in values and "v" not in values:
        version = _version(Path(current_app.static_folder or "") / str(values["filename"]))
        if version:
            values["v"] = version


def _cache_versioned(response: Response) -> Response:
    if request.endpoint == "static" and _is_versioned() and response.status_code in {200, 304}:
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    return response


def _is_versioned() -> bool:
    """By the hash, or by the version that a vendored file has in its name: the font's address
    stands in a stylesheet, where no hash can be added."""
    return bool(request.args.get("v")) or request.path.startswith("/static/vendor/")


def _version(path: Path) -> str:
    """The file's hash, or nothing for a file that is not there."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return ""
    return _hash(path, changed)


@lru_cache(maxsize=256)
def _hash(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]
