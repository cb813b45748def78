"""`make demo`, with every process that it starts."""

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.support.installation import Installation, eventually, installed

pytestmark = pytest.mark.whole

# With an Atlassian app configured, the stand-in is not started: one process less to wait for.
ELSEWHERE = {"JIRA_CLIENT_ID": "an-app", "JIRA_CLIENT_SECRET": "its secret"}


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Installation]:
    """An installation that has not been started."""
    with installed(tmp_path / "instance", **ELSEWHERE) as installation:
        yield installation


def test_the_block_says_where_it_runs_and_who_may_sign_in(installation: Installation) -> None:
    said = installation.said

    assert installation.url in said
    assert installation.jira_url in said
    for words in ("facilitator@acme.test", "owner@tiny.test", "unpack-demo", "Ctrl-C"):
        assert words in said
    assert len(said.strip().splitlines()) < 12


def test_the_web_process_and_the_stand_in_answer(installation: Installation) -> None:
    assert requests.get(installation.url, timeout=10).status_code == 200
    assert requests.get(installation.jira_url, timeout=10).status_code == 200


@pytest.mark.parametrize("name", ["worker 1", "ticker", "redis", "web"])
def test_what_is_killed_is_started_again(installation: Installation, name: str) -> None:
    before = installation.pid(name)

    installation.kill(name)

    eventually(lambda: installation.pid(name) != before)
    eventually(lambda: name != "web" or _answers(installation.url))


def test_a_worker_may_be_killed_again_and_again(installation: Installation) -> None:
    for _ in range(5):
        before = installation.pid("worker 2")
        installation.kill("worker 2")
        eventually(lambda before=before: installation.pid("worker 2") != before)

    assert installation.process.poll() is None


def test_a_second_demo_on_the_same_data_is_refused(installation: Installation) -> None:
    second = Installation(installation.instance, **ELSEWHERE).run()
    said, _ = second.communicate(timeout=90)

    assert second.returncode == 1
    assert "already runs on the data" in said


def test_a_taken_port_is_one_sentence(installation: Installation, stopped: Installation) -> None:
    stopped.port = installation.port
    said, _ = stopped.run().communicate(timeout=90)

    assert stopped.stop() == 1
    assert said.strip().startswith(f"Port {installation.port} is taken by another program")
    assert len(said.strip().splitlines()) == 1


def test_it_leaves_no_process_and_keeps_its_data_until_reset(stopped: Installation) -> None:
    stopped.start()
    _rename_acme(stopped, "Kept")
    if sys.platform == "linux":  # only its kernel tells children that their parent is gone
        stopped.process.kill()
        eventually(lambda: stopped.everything() == [])
        stopped.start()

    assert stopped.stop() == 0
    assert stopped.everything() == []
    assert _name_of_acme(stopped) == "Kept"

    assert stopped.run("--reset").wait(timeout=90) == 0
    assert not (stopped.instance / "unpack.db").exists()


def test_a_wrong_setting_is_one_sentence(stopped: Installation) -> None:
    stopped.environment |= {"TOKEN_ENCRYPTION_KEYS": "nonsense"}
    said, _ = stopped.run().communicate(timeout=90)

    assert stopped.stop() == 1
    [line] = said.strip().splitlines()
    assert line.startswith("TOKEN_ENCRYPTION_KEYS holds something that is not a Fernet key.")
    assert stopped.everything() == []


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=10).ok
    except requests.ConnectionError:
        return False


def _rename_acme(installation: Installation, name: str) -> None:
    with closing(sqlite3.connect(installation.instance / "unpack.db")) as connection:
        connection.execute("UPDATE organization SET name = ? WHERE slug = 'acme'", [name])
        connection.commit()


def _name_of_acme(installation: Installation) -> str:
    with closing(sqlite3.connect(installation.instance / "unpack.db")) as connection:
        row = connection.execute("SELECT name FROM organization WHERE slug = 'acme'").fetchone()
    return str(row[0])


@pytest.fixture
def reachable(tmp_path: Path) -> Iterator[Installation]:
    """A demo that is asked to answer others than this machine; not started."""
    address = {"PUBLIC_URL": "https://unpack.example", **ELSEWHERE}
    with installed(tmp_path / "instance", **address) as installation:
        yield installation


def test_a_demo_that_others_could_reach_says_why_it_does_not_start(reachable: Installation) -> None:
    said, _ = reachable.run().communicate(timeout=90)

    assert reachable.process.returncode == 1
    assert "lets in everybody who reaches it" in said


def test_asked_to_it_starts_with_passwords_that_are_shown_once(reachable: Installation) -> None:
    reachable.environment["UNPACK_DEMO_PUBLIC"] = "1"
    reachable.start()
    first = reachable.said
    reachable.stop()
    reachable.start()
    second = reachable.said.removeprefix(first)

    shown = re.findall(r"\S+@(?:acme|tiny)\.test [a-z0-9]{4}(?:-[a-z0-9]{4}){3}", first)
    assert len(shown) == 6
    assert "unpack-demo" not in first + second
    assert not re.search(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", second)
    logs = "".join(path.read_text() for path in (reachable.instance / "logs").iterdir())
    assert not any(line.split()[1] in logs for line in shown)
