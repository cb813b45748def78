"""What lies in deploy/ fits what the docs and the code say, as far as it can be run here."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from redis import Redis

from demo import processes, redis_server
from tests.support.installation import eventually
from tests.support.ports import answers, free_port
from tests.support.requirements import need_program
from tests.support.source_files import ROOT
from tests.support.web_server import environment

DEPLOY = ROOT / "deploy"
CONTAINERFILE = DEPLOY / "container" / "Containerfile"
COMPOSE = yaml.safe_load((DEPLOY / "container" / "compose.yml").read_text())
OURS = ("upgrade", "web", "worker", "ticker")
UNITS = sorted((DEPLOY / "systemd").iterdir())
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()


def documented_settings() -> set[str]:
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \|", OPERATIONS, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"[A-Z_]+", row)} | {"SECRET_KEY_FALLBACKS"}


def copied() -> list[str]:
    """What the image holds of the project."""
    lines = re.findall(r"^COPY (?!--from)(.+) \./?\S*$", CONTAINERFILE.read_text(), re.MULTILINE)
    return sorted({name for line in lines for name in line.split()})


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The folder of the image, made as the Containerfile makes it, for everybody to read."""
    folder = tmp_path / "unpack"
    folder.mkdir()
    for name in copied():
        source = ROOT / name
        copy: Callable[..., Any] = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    return folder


@pytest.mark.whole
def test_the_commands_of_the_image_run_on_what_is_in_it(
    image: Path, tmp_path: Path, blank_database_url: str, redis_url: str
) -> None:
    port = free_port()
    given = {"DATABASE_URL": blank_database_url, "REDIS_URL": redis_url, "FLASK_APP": "wsgi.py",
             "UNPACK_INSTANCE": str(tmp_path), "PYTHONPATH": "", "LOG_FORMAT": "json"}  # fmt: skip

    upgrade = start(image, given, COMPOSE["services"]["upgrade"]["command"], tmp_path / "upgrade")
    assert upgrade.wait(timeout=60) == 0
    running = {
        name: start(image, given, command_of(name, port), tmp_path / name)
        for name in ("web", "worker", "ticker")
    }
    try:
        eventually(lambda: answers(port))
        for name in ("worker", "ticker"):
            eventually(lambda name=name: f"{name} ready" in (tmp_path / name).read_text())
        assert all(process.poll() is None for process in running.values())
    finally:
        processes.stop({process.pid for process in running.values()}, patience=10)


def command_of(name: str, port: int) -> list[str]:
    return [str(port) if word == "8000" else word for word in COMPOSE["services"][name]["command"]]


def start(
    folder: Path, given: dict[str, str], command: list[str], log: Path
) -> "subprocess.Popen[bytes]":
    programs = {"python": [sys.executable], "flask": [sys.executable, "-m", "flask"]}
    with log.open("wb") as output:
        return subprocess.Popen(
            [*programs[command[0]], *command[1:]], cwd=folder, env=environment(given),
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def test_what_the_image_copies_is_what_is_let_in() -> None:
    let_in = {
        line.removeprefix("!")
        for line in (ROOT / ".containerignore").read_text().splitlines()
        if line.startswith("!")
    }

    assert let_in == set(copied())
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()
    assert [name for name in copied() if not (ROOT / name).exists()] == []


def test_nobody_is_root_in_the_image() -> None:
    last = CONTAINERFILE.read_text().rpartition("\nFROM ")[2]
    commands = [line.split()[0] for line in last.splitlines() if re.match(r"[A-Z]+ ", line)]

    assert "\nUSER unpack\n" in last
    assert set(commands[commands.index("USER") :]) <= {"USER", "EXPOSE", "CMD"}


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_is_told_what_it_needs_and_may_do_nothing_else(name: str) -> None:
    service = COMPOSE["services"][name]

    assert set(service["environment"]) - documented_settings() == set()
    assert {"SECRET_KEY", "TOKEN_ENCRYPTION_KEYS", "DATABASE_URL", "REDIS_URL"} <= set(
        service["environment"]
    )
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "ports" not in service
    assert service["restart"] == ("no" if name == "upgrade" else "unless-stopped")


@pytest.mark.parametrize("name", ["postgresql", "valkey"])
def test_what_holds_data_is_inside_and_wants_a_password(name: str) -> None:
    service = COMPOSE["services"][name]

    assert service["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert any(
        value.startswith("${") and ":?" in value for value in service["environment"].values()
    )
    assert service["volumes"]


def test_the_valkey_wants_its_password_and_forgets_no_job(tmp_path: Path) -> None:
    port, server = free_port(), redis_server.find_program()
    entrypoint = tmp_path / "docker-entrypoint.sh"  # as the image's, but for its change of user
    entrypoint.write_text(f'#!/bin/sh\nshift\nexec {server} "$@"\n')
    entrypoint.chmod(0o700)
    *_, script = COMPOSE["services"]["valkey"]["command"]
    script = script.replace("$$", "$").replace("appendonly yes", f"appendonly yes\nport {port}")
    process = subprocess.Popen(
        ["sh", "-c", script], cwd=tmp_path, stdout=subprocess.DEVNULL,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "VALKEY_PASSWORD": "open-sesame"},
    )  # fmt: skip
    try:
        eventually(lambda: redis_server.answers(f"redis://:open-sesame@127.0.0.1:{port}"))
        stranger = redis_server.answers(f"redis://127.0.0.1:{port}")
        with Redis(port=port, password="open-sesame") as known:
            policy = known.config_get("maxmemory-policy")
    finally:
        process.terminate()
        process.wait(timeout=10)

    assert not stranger
    assert policy == {"maxmemory-policy": "noeviction"}


def test_the_example_names_every_secret_and_holds_none() -> None:
    text = (DEPLOY / "container" / "compose.yml").read_text()
    required = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    optional = set(re.findall(r"\$\{([A-Z_]+):-", text))
    example = (DEPLOY / "container" / "env.example").read_text()
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE))

    assert required <= set(values) <= required | optional
    assert {name for name, value in values.items() if value} == {"PUBLIC_URL", "LOG_FORMAT"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda u: u.name)
def test_systemd_takes_the_unit(unit: Path, tmp_path: Path) -> None:
    program = need_program("systemd-analyze", "apt-get install systemd")
    for each in UNITS:  # one names the others
        text = each.read_text().replace("/opt/unpack/.venv/bin/python", sys.executable)
        (tmp_path / each.name).write_text(text)
    name = unit.name.replace("@.", "@1.")
    done = subprocess.run(
        [program, "verify", "--man=no", f"./{name}"], cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=lambda u: u.name)
def test_a_unit_is_locked_in(unit: Path, tmp_path: Path) -> None:
    program = need_program("systemd-analyze", "apt-get install systemd")
    name = unit.name.replace("@.", "@1.")
    shutil.copy(unit, tmp_path / name)
    done = subprocess.run(
        [program, "security", "--offline=yes", "--threshold=20", "--no-pager", f"./{name}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env=os.environ | {"SYSTEMD_COLORS": "0"},
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-300:]


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=lambda u: u.name)
def test_a_unit_runs_what_the_docs_say_and_is_started_again(unit: Path) -> None:
    lines = dict(re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE))
    command = lines["ExecStart"].removeprefix("/opt/unpack/.venv/bin/")

    assert re.search(rf"^    {re.escape(command)}$", OPERATIONS, re.MULTILINE)
    assert lines["Restart"] == "always"
    assert lines["User"] == "unpack"
