"""A route with one INSERT, on the web server of production: what intake is held against.

`granian bench.bare_route:server` with `BARE_DATABASE` in its environment.
"""

import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask, request

from app.serving import Served

TABLE = "CREATE TABLE IF NOT EXISTS arrived (id {key}, identifier TEXT, size INTEGER)"
_OF_THREAD = threading.local()


def prepare(url: str) -> None:
    """Make the one table."""
    _connect(url).execute(TABLE.format(key=_key(url)))


def _connect(url: str) -> Any:
    """As the application connects: durable as it is, one connection for each thread."""
    if not url.startswith("sqlite"):
        return psycopg.connect(url, autocommit=True)
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _key(url: str) -> str:
    return "INTEGER PRIMARY KEY" if url.startswith("sqlite") else "BIGSERIAL PRIMARY KEY"


def _own() -> Any:
    if not hasattr(_OF_THREAD, "connection"):
        _OF_THREAD.connection = _connect(os.environ["BARE_DATABASE"])
    return _OF_THREAD.connection


def _mark() -> str:
    return "?" if os.environ["BARE_DATABASE"].startswith("sqlite") else "%s"


application = Flask(__name__)


@application.get("/")
def _ready() -> str:
    return ""


@application.post("/webhooks/jira")
def _insert() -> tuple[str, int]:
    identifier = request.headers["X-Atlassian-Webhook-Identifier"]
    insert = f"INSERT INTO arrived (identifier, size) VALUES ({_mark()}, {_mark()})"  # noqa: S608
    _own().execute(insert, (identifier, len(request.get_data(cache=False))))
    return "", 204


server = Served(application)
