"""One line for each event, as key=value with ids; never a token.

Ids that belong to a whole request or job are bound once and stand on every line written under it.
"""

import json
import logging
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO

from flask import Flask

from app.identifiers import new_request_id

_ids: ContextVar[dict[str, object]] = ContextVar("log_ids")
_OWN_ATTRIBUTES = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "taskName"}
_PLAIN = re.compile(r"[\w.:/@+-]+")
_SECRETS = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 ***"),
    (
        re.compile(
            r"""(?ix)(\b\w*(?:token|secret|password|authorization|assertion)\b["']?\s*[=:]\s*["']?)
            (?!\*\*\*)(?:bearer\s+)?[^\s"'&,}]+"""
        ),
        r"\1***",
    ),
    (re.compile(r"([?&](?:code|state)=)[^\s&\"']+"), r"\1***"),
    (re.compile(r"\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*"), "***"),  # a JWT
    (re.compile(r"\bgAAAA[\w-]{20,}=*"), "***"),  # a Fernet token
)


class LogfmtFormatter(logging.Formatter):
    """Time (UTC), level, logger, message, the bound ids, then the line's own `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        pairs: dict[str, object] = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_ids.get({}),
            **{k: v for k, v in record.__dict__.items() if k not in _OWN_ATTRIBUTES},
        }
        if record.exc_info and record.exc_info[0]:
            pairs["trace"] = self.formatException(record.exc_info)
        return " ".join(f"{k}={_value(v)}" for k, v in pairs.items() if v is not None)


class StandardErrorHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at that moment: it may be replaced after the start."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _value: TextIO) -> None:
        """The base class sets it once; standard error it stays."""


def configure(app: Flask) -> None:
    """Send every log line of the process to standard error, and give each request an id."""
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, LogfmtFormatter) for handler in root.handlers):
        handler = StandardErrorHandler()
        handler.setFormatter(LogfmtFormatter())
        root.addHandler(handler)
        root.setLevel(logging.INFO)
    app.before_request(_name_request)


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Put `ids` on every log line that is written inside the block."""
    before = _ids.set({**_ids.get({}), **ids})
    try:
        yield
    finally:
        _ids.reset(before)


def in_job() -> bool:
    """Whether a job runs, and no page is made."""
    return "run" in _ids.get({})


def redacted(text: str) -> str:
    """`text` without anything that looks like a token, a secret or a password."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def request_id() -> str:
    """What stands on each line of this request; empty where there is none."""
    return str(_ids.get({}).get("request", ""))


def _name_request() -> None:
    _ids.set({"request": new_request_id()})


def _value(value: object) -> str:
    text = redacted(str(value))
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
