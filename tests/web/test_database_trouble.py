"""A database that is busy, away or not migrated, as a person, htmx and an operator meet it."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from app import create_app, migrated
from app.extensions import db
from app.web import patience
from tests.support import settings
from tests.support.acme import sprint_14
from tests.support.people import Person
from tests.support.ports import free_port
from tests.support.web_server import ROOT, environment

SignedIn = Callable[..., Person]


@pytest.fixture
def held(app: Flask, database_url: str) -> Iterator[None]:
    """Somebody writes, and does not come to an end."""
    db.session.commit()
    if database_url.startswith("sqlite"):
        path = database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    engine = create_engine(database_url)
    with engine.begin() as other:
        other.execute(text("LOCK TABLE action_item IN EXCLUSIVE MODE"))
        yield
    engine.dispose()


@pytest.mark.both_databases
@pytest.mark.parametrize("htmx", [False, True])
def test_a_busy_database_is_said_within_five_seconds(
    signed_in: SignedIn, htmx: bool, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if htmx:  # the whole wait, once for each database
        monkeypatch.setattr(patience, "SECONDS", 0.1)
    member = signed_in("facilitator@acme.test")
    address = f"/retrospectives/{sprint_14().id}/action-items"
    request.getfixturevalue("held")

    began = time.monotonic()
    answer = member.post(address, {"title": "Held up"}, htmx=htmx)

    assert time.monotonic() - began < 5
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "Unpack cannot answer just now" in answer.page.text
    assert answer.page.whole is not htmx
    assert "send it again" in answer.page.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_looks_again_by_itself(app: Flask, signed_in: SignedIn, monkeypatch) -> None:
    member = signed_in("facilitator@acme.test")
    gone(app, monkeypatch)

    page = member.get("/organizations/acme").page

    assert page.texts("h1") == ["Unpack cannot answer just now"]
    [seconds] = [one.get("data-seconds") for one in page.all("script")]
    assert seconds == "30"


def test_an_absent_database_is_said_at_once_and_in_one_line(
    app: Flask, signed_in: SignedIn, monkeypatch, caplog: pytest.LogCaptureFixture
) -> None:
    member = signed_in("facilitator@acme.test")
    gone(app, monkeypatch)

    answer = member.get("/organizations/acme")

    assert answer.status_code == 503
    [line] = [record for record in caplog.records if record.levelname in {"WARNING", "ERROR"}]
    assert (line.message, line.exc_info) == ("no database", None)
    assert line.__dict__["endpoint"] == "home.show"


def test_a_server_that_is_not_there_is_said_within_five_seconds(redis_url: str) -> None:
    nowhere = f"postgresql://unpack@127.0.0.1:{free_port()}/unpack"
    app = create_app(settings.build(database_url=nowhere, redis_url=redis_url))

    began = time.monotonic()
    answer = app.test_client().get("/sign-in", base_url="http://localhost:5050")

    assert time.monotonic() - began < 5
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Unpack cannot answer just now" in answer.text


def gone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """No new connection comes to be: the file's folder was taken away, say."""
    db.session.commit()
    db.session.remove()
    db.engine.dispose()

    def unable(*_args: object, **_named: object) -> None:
        raise sqlite3_cannot_open()

    monkeypatch.setattr(sqlite3.dbapi2, "connect", unable)


def sqlite3_cannot_open() -> sqlite3.OperationalError:
    try:
        sqlite3.Connection("/nowhere/at/all.db")
    except sqlite3.OperationalError as error:
        return error
    raise AssertionError("it could be opened")


@pytest.mark.own_app
def test_a_wrong_statement_is_no_busy_database(app: Flask, client: Person) -> None:
    from app.web.access import public

    @app.get("/broken/statement")
    @public
    def broken() -> str:
        db.session.execute(text("SELECT * FROM nowhere"))
        return ""

    app.config["PROPAGATE_EXCEPTIONS"] = False

    assert client.get("/broken/statement").status_code == 500


def test_the_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "unpack.db"
    before = os.umask(0o022)
    try:
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE one (id INTEGER)"))
            modes = {each.name: mode_of(each) for each in tmp_path.iterdir()}
        engine.dispose()
    finally:
        os.umask(before)

    assert modes["unpack.db"] == 0o600
    assert set(modes.values()) == {0o600}


def test_a_database_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "unpack.db"
    path.touch(0o644)
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect():
        pass
    engine.dispose()

    assert mode_of(path) == 0o600


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("module", "found"),
    [
        ("app.serving", "empty"),
        ("app.serving", "behind"),
        ("jobs.worker", "empty"),
        ("jobs.ticker", "empty"),
    ],
)
def test_nothing_starts_on_a_database_that_is_not_migrated(
    module: str, found: str, tmp_path: Path, redis_url: str
) -> None:
    path = tmp_path / "unpack.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        if found == "behind":
            connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
            connection.execute("INSERT INTO alembic_version VALUES ('0001')")
    given = {"DATABASE_URL": f"sqlite:///{path}", "REDIS_URL": redis_url}

    ended = subprocess.run(
        [sys.executable, "-m", module, *(["--port", "1"] if module == "app.serving" else [])],
        cwd=ROOT,
        env=environment(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert "flask db upgrade" in ended.stderr
    assert ("it is empty" if found == "empty" else "revision 0001") in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_request_waits_no_longer_than_its_patience_for_what_another_holds(
    app: Flask, signed_in: SignedIn, held_for: Callable[[float], threading.Thread]
) -> None:
    """A lock that is let go in time is no trouble at all."""
    member = signed_in("facilitator@acme.test")
    address = f"/retrospectives/{sprint_14().id}/action-items"
    thread = held_for(0.5)

    answer = member.post(address, {"title": "A moment later"})
    thread.join()

    assert answer.status_code == 303


@pytest.fixture
def held_for(database_url: str) -> Callable[[float], threading.Thread]:
    path = database_url.removeprefix("sqlite:///")
    began = threading.Event()

    def hold(seconds: float) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began.set()
            time.sleep(seconds)

    def start(seconds: float) -> threading.Thread:
        db.session.commit()
        thread = threading.Thread(target=hold, args=(seconds,))
        thread.start()
        began.wait()
        return thread

    return start


def test_a_database_that_is_away_keeps_nobody_from_starting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings.build(database_url=f"sqlite:///{tmp_path}/nowhere/unpack.db"))

    migrated.refuse_unmigrated(app)

    assert "not known whether the database is ready" in caplog.text
