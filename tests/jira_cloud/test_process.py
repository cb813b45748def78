"""The stand-in as a process of its own."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from demo.jira_cloud.control.remote import RemoteControl
from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import ENG, Api

ROOT = Path(__file__).parents[2]
Launch = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def launch() -> Iterator[Launch]:
    started: list[subprocess.Popen[str]] = []

    def run(*options: str) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "demo.jira_cloud", "--port", "0", *options]
        process = subprocess.Popen(
            command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().split()[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def test_state_outlives_even_a_kill(launch: Launch, tmp_path: Path) -> None:
    state = str(tmp_path / "jira.db")
    process, url = launch("--state", state)
    token = RemoteControl(url).issue_tokens()["access_token"]
    created = Api(url, token, ENG).post("/issue", bodies.issue()).json()
    RemoteControl(url).set(search_lag=3)
    process.kill()
    process.wait()

    _, url = launch("--state", state)

    again = Api(url, token, ENG)
    assert again.get(f"/issue/{created['key']}").json()["id"] == created["id"]
    found = again.post("/search/jql", {"jql": "project = PLAT"}).json()["issues"]
    assert found == [{"id": created["id"]}]
    assert RemoteControl(url).conditions()["search_lag"] == 3
    assert again.post("/issue", bodies.issue()).json()["key"] == "PLAT-2"


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly(launch: Launch, name: signal.Signals) -> None:
    process, url = launch()
    assert requests.get(url, timeout=10).status_code == 200

    process.send_signal(name)

    assert process.wait(timeout=10) == 0
    assert process.communicate()[1] == ""


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "demo.jira_cloud", "--port", port]
        result = subprocess.run(
            command, cwd=ROOT, text=True, capture_output=True, timeout=20, check=False
        )

    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"127.0.0.1:{port}" in result.stderr


def test_a_hundred_connections_are_served_at_once(cloud: RunningJiraCloud) -> None:
    cloud.control.set(limits=False)
    cloud.control.fault("latency", "myself", min_ms=1500, max_ms=1500)
    token = cloud.control.issue_tokens()["access_token"]

    with ThreadPoolExecutor(120) as pool:
        calls = [pool.submit(Api(cloud.url, token, ENG).get, "/myself") for _ in range(120)]
        statuses = {call.result().status_code for call in calls}

    assert statuses == {200}
    assert cloud.control.counters()["most_in_flight"] > 100
