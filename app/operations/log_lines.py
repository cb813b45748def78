"""Log lines as their reader wants them, each with the organization that it tells of.

What a line holds, and what is left out of it, is decided in app/logging.py.
"""

import json
import logging
import os
import re

from flask import Flask, g, has_app_context, has_request_context
from sqlalchemy import event

from app.logging import LogfmtFormatter, in_job
from app.models import JiraConnection

_PAIR = re.compile(r'(\S+?)=("(?:[^"\\]|\\.)*"|\S*)')


class JsonFormatter(LogfmtFormatter):
    """The same line as one JSON object; every value is a text."""

    def format(self, record: logging.LogRecord) -> str:
        pairs = _PAIR.findall(super().format(record))
        values = {name: json.loads(v) if v.startswith('"') else v for name, v in pairs}
        return json.dumps(values, ensure_ascii=False)


class OfOrganization(logging.Filter):
    """Lets every line pass, and puts `organization_id` on it where it is known."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "organization_id") and (found := organization_id()) is not None:
            record.organization_id = found
        return True


class NotTheContext(logging.Filter):
    """Drops what alembic says each time that it looks at a database, which probes have it do."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(("Context impl ", "Will assume "))


def init_app(app: Flask) -> None:
    alembic = logging.getLogger("alembic.runtime.migration")
    if not any(isinstance(each, NotTheContext) for each in alembic.filters):
        alembic.addFilter(NotTheContext())
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, LogfmtFormatter):
            handler.setFormatter(formatter(app.config["LOG_FORMAT"]))
            if not any(isinstance(each, OfOrganization) for each in handler.filters):
                handler.addFilter(OfOrganization())


def formatter(name: str | None = None) -> LogfmtFormatter:
    """The format of that name; for granian's own lines, that of the environment."""
    wanted = name or os.environ.get("LOG_FORMAT")
    return JsonFormatter() if wanted == "json" else LogfmtFormatter()


def organization_id() -> int | None:
    """Whose page is made (access.py notes it) or whose job runs; None where it is nobody's, or not
    known yet."""
    found: set[int] = g.get("organization_ids", set()) if has_app_context() else set()
    return next(iter(found)) if len(found) == 1 else None


@event.listens_for(JiraConnection, "load")
def _note_connection(connection: JiraConnection, _context: object) -> None:
    """A job is about one connection. The ticker, which reads them all, runs none."""
    if has_app_context() and not has_request_context() and in_job():
        g.setdefault("organization_ids", set()).add(connection.organization_id)
