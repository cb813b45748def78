"""The double as the bench runs and asks it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from bench import environment
from demo import processes
from demo.processes import Program
from tests.support.installation import eventually
from tests.support.ports import answers, free_port

LATENCY = 0.1  # seconds that every request takes
PER_ISSUE = 0.02  # seconds that each issue of a bulk takes in addition, where that is asked for


class Double:
    """A running double, and its switches."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def set(self, latency: float = LATENCY, per_issue: float = 0.0) -> None:
        """How long it takes: seconds for a request, and more for each issue of a bulk."""
        self._tell("settings", {"latency": latency, "per_issue": per_issue})

    def give(self, points: int, seconds: int) -> None:
        """So many points in each window; beyond, it refuses."""
        self._tell("points", {"given": points, "seconds": seconds})

    def points(self) -> tuple[dict[str, int], int]:
        """What was spent by window, and how often it refused."""
        found = self._tell("spent", {}).json()
        return found["spent"], found["refused"]

    def forget(self) -> None:
        """What it was asked so far."""
        self._tell("forget", {})

    def asked(self) -> list[dict[str, Any]]:
        """What it was asked since, in the order of arrival."""
        asked: list[dict[str, Any]] = self._tell("requests", {}).json()
        return asked

    def move(self, issue_ids: list[str], *, done: bool) -> None:
        """Move issues on the board; no webhook tells of it."""
        self._tell("moves", {"issues": issue_ids, "done": done})

    def _tell(self, what: str, body: Any) -> requests.Response:
        answer = requests.post(f"{self.url}/_double/{what}", json=body, timeout=30)
        answer.raise_for_status()
        return answer


@contextmanager
def running(folder: Path) -> Iterator[Double]:
    """A double that ends with the context."""
    port = free_port()
    command = [sys.executable, "-m", "bench.double", "--port", str(port)]
    program = Program("double", command)
    started = processes.start(program, environment.build(), folder / "double.log")
    try:
        eventually(lambda: answers(port))
        double = Double(port)
        double.set()
        yield double
    finally:
        processes.stop({started.pid}, patience=5)
        started.wait()
