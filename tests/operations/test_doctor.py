"""`flask doctor`: what is wrong with an installation, and what the operator does about it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests
import responses
from flask import Flask

from app import queue
from app.clock import utcnow
from app.extensions import db
from app.models import JiraSettings, Webhook
from app.operations.doctor import inside, surroundings
from app.operations.doctor.finding import Finding, Level, exit_code
from demo import redis_server
from tests.support import mail_server
from tests.support.acme import acme, connect
from tests.support.installation import eventually
from tests.support.ports import free_port
from tests.support.source_files import ROOT
from tests.support.web_server import environment as environment_of

if TYPE_CHECKING:
    from demo.jira_cloud.server import RunningJiraCloud

HTTPS = "https://unpack.example"


def by_subject(found: Iterator[Finding]) -> dict[str, Finding]:
    db.session.commit()
    return {each.subject: each for each in found}


def test_a_database_that_is_as_it_should_be(app: Flask, sample: None) -> None:
    found = by_subject(inside.database())

    assert {name: each.level for name, each in found.items()} == {
        "database": Level.GREEN,
        "migrations": Level.GREEN,
        "keys": Level.GREEN,
    }


def test_a_database_that_was_not_upgraded(app: Flask, sample: None) -> None:
    db.session.execute(db.text("UPDATE alembic_version SET version_num = '0001'"))

    found = by_subject(inside.database())["migrations"]

    assert (found.level, "flask db upgrade" in found.remedy) == (Level.RED, True)


def test_keys_of_another_database(app: Flask, sample: None) -> None:
    by_subject(inside.database())
    inside.key_canary.begin_anew()
    db.session.commit()
    app.config["TOKEN_ENCRYPTION_KEYS"] = ["b3RoZXJrZXlvdGhlcmtleW90aGVya2V5b3RoZXJrZXk="]

    found = by_subject(inside.database())["keys"]

    assert (found.level, "forget-lost" in found.remedy) == (Level.RED, True)


@pytest.mark.both_databases
def test_it_writes_nothing(app: Flask, sample: None, asked: list[str]) -> None:
    by_subject(inside.database())
    inside.key_canary.is_readable()
    db.session.commit()
    asked.clear()

    by_subject(inside.database())
    by_subject(surroundings.webhooks())

    assert asked
    assert [each for each in asked if each.startswith(("INSERT", "UPDATE", "DELETE"))] == []


@pytest.mark.parametrize(
    ("apart", "level"),
    [(0, Level.GREEN), (-4, Level.GREEN), (7, Level.AMBER), (-70, Level.RED), (3600, Level.RED)],
)
def test_a_clock_that_is_wrong(apart: float, level: Level) -> None:
    found = inside.compared_clock("Atlassian", utcnow() + timedelta(seconds=apart))

    assert found.level is level


@contextmanager
def redis_over_tcp(folder: Path, *options: str) -> Iterator[int]:
    port = free_port()
    command = [str(redis_server.find_program()), "--port", str(port), "--dir", str(folder)]
    process = subprocess.Popen(
        [*command, "--save", "", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        password = f":{options[1]}@" if options[:1] == ("--requirepass",) else ""
        eventually(lambda: redis_server.answers(f"redis://{password}127.0.0.1:{port}"))
        yield port
    finally:
        process.terminate()
        process.wait()


def test_a_redis_that_takes_orders_from_everybody(tmp_path: Path) -> None:
    with redis_over_tcp(tmp_path) as port:
        found = inside.who_may_write(f"redis://127.0.0.1:{port}")
        # With a password that it does not want it is no safer.
        also = inside.who_may_write(f"redis://:secret@127.0.0.1:{port}")

    assert found == also
    assert (found.level, "requirepass" in found.remedy) == (Level.AMBER, True)


def test_a_redis_with_a_password_that_forgets_jobs(app: Flask, tmp_path: Path) -> None:
    options = ("--requirepass", "open-sesame", "--maxmemory-policy", "allkeys-lru")
    with (
        redis_over_tcp(tmp_path, *options) as port,
        _redis(app, f"redis://:open-sesame@127.0.0.1:{port}"),
    ):
        found = list(inside.redis())

    assert [each.level for each in found] == [Level.GREEN, Level.AMBER, Level.GREEN]
    assert "noeviction" in found[1].remedy
    assert not any("open-sesame" in str(each) for each in found)


def test_a_redis_that_is_away(app: Flask) -> None:
    with _redis(app, f"redis://127.0.0.1:{free_port()}"):
        [found] = inside.redis()
        [processes] = inside.processes()

    assert (found.level, processes.level) == (Level.RED, Level.AMBER)


@contextmanager
def _redis(app: Flask, url: str) -> Iterator[None]:
    kept, app.config["REDIS_URL"] = app.extensions["redis"], url
    queue.init_app(app)
    try:
        yield
    finally:
        app.extensions["redis"] = kept


@pytest.mark.parametrize("writable", [True, False])
def test_a_socket_is_for_whom_its_permissions_say(tmp_path: Path, writable: bool) -> None:
    socket = tmp_path / "redis.sock"
    socket.touch()
    socket.chmod(0o777 if writable else 0o700)

    found = inside.who_may_write(f"unix://{socket}")

    assert found.level is (Level.AMBER if writable else Level.GREEN)


def test_processes_that_nobody_heard_of(app: Flask, redis: object) -> None:
    queue.note_ticker()

    found = by_subject(inside.processes())

    assert found["ticker"].level is Level.GREEN
    assert found["worker"].level is Level.RED
    assert "python -m jobs.worker" in found["worker"].remedy


def test_a_mail_server_that_takes_us_and_one_that_is_away(app: Flask) -> None:
    app.config["SMTP_URL"] = ""
    [none] = surroundings.mail()
    with mail_server.running() as server:
        app.config["SMTP_URL"] = server.url
        [there] = surroundings.mail()
    [away] = surroundings.mail()

    levels = [none.level, there.level, away.level]
    assert levels == [Level.AMBER, Level.GREEN, Level.RED]


DOOR, PROBE = f"{HTTPS}/sign-in", f"{HTTPS}/healthz"
UNTRUSTED = requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED")
STRICT = {"Strict-Transport-Security": "max-age=1"}


@pytest.mark.environment(PUBLIC_URL=HTTPS, UNPACK_DEMO="")
@pytest.mark.parametrize(
    ("probe", "door", "levels", "remedy"),
    [
        (("ok\n", 200), ("", 200, STRICT), ["green", "green"], ""),
        (("ok\n", 200), ("", 200, {}), ["green", "red"], "X-Forwarded-Proto"),
        (("ok\n", 200), ("Unpack is not here", 400, {}), ["green", "red"], "X-Forwarded-Host"),
        (("Welcome to nginx", 200), ("", 200, STRICT), ["red"], "pass all of this address"),
        (None, ("", 200, STRICT), ["red"], "start the web server"),
        ((UNTRUSTED, 200), ("", 200, STRICT), ["red"], "REQUESTS_CA_BUNDLE"),
    ],
)
def test_what_a_proxy_in_front_makes_of_requests(
    app: Flask,
    probe: tuple[str | Exception, int] | None,
    door: tuple[str, int, dict[str, str]],
    levels: list[str],
    remedy: str,
) -> None:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as http:
        if probe is not None:
            http.get(PROBE, body=probe[0], status=probe[1])
        http.get(DOOR, body=door[0], status=door[1], headers=door[2])
        found = list(surroundings.way_in())

    assert [each.level.value for each in found] == levels
    assert remedy in found[-1].says + found[-1].remedy


def test_client_id_and_secret_are_accepted_or_refused(app: Flask, jira: "RunningJiraCloud") -> None:
    accepted = by_subject(surroundings.atlassian())
    app.config["JIRA_CLIENT_SECRETS"] = ["another"]
    refused = by_subject(surroundings.atlassian())
    app.config["JIRA_CLIENT_SECRETS"] = []
    missing = by_subject(surroundings.atlassian())

    assert {each.level for each in accepted.values()} == {Level.GREEN}
    assert set(accepted) == {"atlassian", "clock", "atlassian app"}
    assert refused["atlassian app"].level is Level.RED
    assert "restart every process" in refused["atlassian app"].remedy
    assert missing["atlassian app"].level is Level.RED


def test_an_atlassian_out_of_reach(app: Flask) -> None:
    app.config["ATLASSIAN_API_URL"] = f"http://127.0.0.1:{free_port()}"

    [found] = surroundings.atlassian()

    assert (found.level, "firewall" in found.remedy) == (Level.RED, True)


def test_webhooks_that_cannot_be_registered(app: Flask, sample: None) -> None:
    connection, now = connect(), utcnow()
    db.session.commit()
    [off] = surroundings.webhooks()
    db.session.add(JiraSettings(organization_id=acme().id, webhooks_enabled=True))
    webhook = Webhook(
        connection_id=connection.id, cloud_id=connection.cloud_id, webhook_id=1,
        account_id=connection.account_id, url="x", project_keys=[],
        registered_at=now - timedelta(days=31), expires_at=now - timedelta(days=1),
    )  # fmt: skip
    db.session.add(webhook)
    db.session.commit()

    [found] = surroundings.webhooks()

    assert off.level is Level.GREEN
    assert (found.level, "Send test" in found.remedy) == (Level.AMBER, True)
    assert "1 of 1 organization" in found.says


@pytest.mark.parametrize(
    ("levels", "code"),
    [("green", 0), ("green amber", 2), ("amber red", 1), ("red", 1)],
)
def test_the_worst_finding_decides_how_it_ends(levels: str, code: int) -> None:
    found = [Finding(Level(level), "x", "y") for level in levels.split()]

    assert exit_code(found) == code


def test_the_command_says_all_of_it_although_the_database_is_empty(
    app: Flask, blank_database_url: str, command_on: Callable[[str], tuple[int, str]]
) -> None:
    code, said = command_on(blank_database_url)

    assert code == 1
    assert "red   migrations: the database is of an earlier version, or empty" in said
    assert "Traceback" not in said
    for subject in ("configuration", "database", "redis", "worker", "mail", "way in", "webhooks"):
        assert f"{subject}: " in said


@pytest.fixture
def command_on(redis_url: str) -> Callable[[str], tuple[int, str]]:
    """`flask doctor` in a process of its own; its exit code and words."""

    def run(database_url: str) -> tuple[int, str]:
        nowhere = f"http://127.0.0.1:{free_port()}"
        given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "FLASK_APP": "wsgi.py",
                 "ATLASSIAN_API_URL": nowhere, "PUBLIC_URL": nowhere}  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "flask", "doctor"], cwd=ROOT, env=environment_of(given),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run
