"""When a process of the demo dies, and what is kept secret."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import environment, processes
from demo.processes import Program
from demo.supervisor import CannotRun, Supervisor, restart_delay


def test_the_first_death_is_answered_at_once_and_the_next_ones_later() -> None:
    delays = [restart_delay([1.0] * quick) for quick in (1, 2)]

    assert delays == sorted(delays)
    assert delays[0] < delays[1]


def test_three_quick_deaths_in_a_row_end_the_demo() -> None:
    assert restart_delay([1.0, 1.0, 1.0]) is None
    assert restart_delay([900.0, 1.0, 1.0, 1.0]) is None


def test_a_long_life_between_quick_deaths_starts_the_count_anew() -> None:
    assert restart_delay([1.0, 1.0, 900.0, 1.0]) == restart_delay([1.0])


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    handlers = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    made = Supervisor(tmp_path, {})
    yield made
    made.stop()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_a_program_that_ends_at_every_start_ends_the_demo_with_its_last_words(
    supervisor: Supervisor,
) -> None:
    broken = "print('no luck today', flush=True); raise SystemExit(3)"
    supervisor.add(Program("web", [sys.executable, "-c", broken]))

    with pytest.raises(CannotRun, match=r"(?s)web process ended 3 times in a row.*no luck today"):
        supervisor.watch()


def test_last_words_leave_out_a_tracebacks_frames(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    subprocess.run(
        [sys.executable, "-c", "print('starting', flush=True); int('x')"],
        stdout=log.open("w"),
        stderr=subprocess.STDOUT,
        check=False,
    )

    said = processes.last_words(log)

    assert "starting" in said
    assert "ValueError" in said
    assert "File" not in said


def test_a_session_ends_with_everything_that_was_forked_in_it(tmp_path: Path) -> None:
    orphan = "import os, time; os.fork() or (os.setpgrp(), os.fork(), time.sleep(60))"
    started = processes.start(
        Program("orphans", [sys.executable, "-c", orphan]), {}, tmp_path / "log"
    )
    started.wait()  # the first process ends; what it forked sits in other process groups

    processes.stop({started.pid}, patience=5)

    assert processes.members({started.pid}) == []


def test_who_ignores_the_request_to_stop_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); "
    started = processes.start(
        Program("deaf", [sys.executable, "-c", deaf + "time.sleep(60)"]), {}, tmp_path / "log"
    )
    while "deaf" not in (tmp_path / "log").read_text():
        assert started.poll() is None

    processes.stop({started.pid}, patience=0.2)

    assert started.wait(timeout=5) == -9


def test_secrets_are_made_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    first = environment.build({}, tmp_path, 1, 2)
    second = environment.build({}, tmp_path, 1, 2)

    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    kept = tmp_path / "demo-secrets.json"
    assert kept.stat().st_mode & 0o077 == 0
    assert set(json.loads(kept.read_text())) == {"SECRET_KEY", "TOKEN_ENCRYPTION_KEYS"}


def test_what_the_person_configured_wins(tmp_path: Path) -> None:
    given = {"PUBLIC_URL": "https://unpack.example", "JIRA_CLIENT_ID": "theirs", "REDIS_URL": ""}

    settings = environment.build(given, tmp_path, 1, 2)

    assert settings["PUBLIC_URL"] == "https://unpack.example"
    assert settings["REDIS_URL"].startswith("unix://")
    assert "ATLASSIAN_API_URL" not in settings


@pytest.mark.parametrize("given", [{}, {"JIRA_CLIENT_ID": ""}])
def test_without_an_atlassian_app_the_stand_in_is_used(
    given: dict[str, str], tmp_path: Path
) -> None:
    settings = environment.build(given, tmp_path, 5050, 5051)

    assert settings["ATLASSIAN_AUTH_URL"] == "http://localhost:5051"
    assert settings["JIRA_CLIENT_SECRET"]
