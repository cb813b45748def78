"""The whole product as `make demo` starts it: real processes on free ports and an empty folder."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import requests

from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
OURS = re.compile(
    "SECRET_KEY|TOKEN_ENCRYPTION_KEYS|(DATABASE|REDIS|PUBLIC|SMTP)_URL|MAIL_FROM|HTMX_SRC"
    "|(JIRA|ATLASSIAN|SYNC|UNPACK|FLASK)_.*|(JIRA_)?PORT|WORKERS|TRUSTED_HOSTS|PROXY_COUNT"
    "|OWNER(_NAME)?|ORGANIZATION|WEB_(PROCESSES|THREADS)|DATABASE_POOL"
)


class Installation:
    """A running demo, and the means to break it."""

    module = "demo.run"

    def __init__(self, instance: Path, **environment: str) -> None:
        self.instance = instance
        self.port, self.jira_port = free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self.jira_url = f"http://localhost:{self.jira_port}"
        # What the developer's shell sets must not steer the test.
        inherited = {k: v for k, v in os.environ.items() if not OURS.fullmatch(k)}
        self.environment = inherited | {"HTMX_SRC": "local"} | environment
        self.started_in = 0.0
        self.said = ""
        self.runs: subprocess.Popen[str] | None = None

    def start(self) -> "Installation":
        """Start, and wait for the block that says where it runs."""
        began = time.monotonic()
        process = self.run()
        self.said = self._read_until(process, "Ctrl-C stops")
        self.started_in = time.monotonic() - began
        return self

    def run(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start without waiting for anything."""
        command = [sys.executable, "-m", self.module, *self._options(), *arguments]
        self.runs = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return self.runs

    def _options(self) -> list[str]:
        ports = ["--port", str(self.port), "--jira-port", str(self.jira_port)]
        return ["--instance", str(self.instance), *ports]

    @property
    def process(self) -> "subprocess.Popen[str]":
        """The supervisor, as it was last started."""
        assert self.runs is not None, "nobody started it"
        return self.runs

    def pid(self, name: str) -> int:
        """The process last started under `name`: "web", "worker 1", "worker 2", "ticker" …

        Waits for one that has just died and is not started again yet.
        """
        eventually(lambda: name in self._listed())
        return self._listed()[name]

    def _listed(self) -> dict[str, int]:
        listed: dict[str, int] = json.loads((self.instance / "processes.json").read_text())
        return listed

    def everything(self) -> list[psutil.Process]:
        """Every living process of this installation, orphans included: all name its folder."""
        folder = str(self.instance.resolve())
        return [process for process in psutil.process_iter() if _belongs(process, folder)]

    def kill(self, name: str, *, with_children: bool = True) -> None:
        """Kill a process and what it forked, with SIGKILL: it has no chance to tidy up."""
        process = psutil.Process(self.pid(name))
        family = [process, *(process.children(recursive=True) if with_children else [])]
        for member in family:
            member.kill()

    def log(self, name: str) -> str:
        path = self.instance / "logs" / f"{name.replace(' ', '-')}.log"
        return path.read_text() if path.exists() else ""

    def jira(self, method: str, path: str, **arguments: object) -> requests.Response:
        """Ask the stand-in's control API: `jira("POST", "/_control/reset")`."""
        return requests.request(method, self.jira_url + path, timeout=10, **arguments)  # type: ignore[arg-type]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop as Ctrl-C does, and give the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode

    def _read_until(self, process: "subprocess.Popen[str]", words: str) -> str:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if words in line:
                return said
        raise AssertionError(f"it did not start: {said}")


class RealInstallation(Installation):
    """As `make serve` starts it: nobody is there before its Owner, and no stand-in."""

    module = "serve.run"

    def _options(self) -> list[str]:
        return ["--instance", str(self.instance), "--port", str(self.port)]

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """What `python -m serve.command …` says."""
        return subprocess.run(
            [sys.executable, "-m", "serve.command", *arguments],
            cwd=ROOT,
            env=self.environment | {"UNPACK_INSTANCE": str(self.instance)},
            capture_output=True,
            text=True,
            check=False,
        )


def _belongs(process: psutil.Process, folder: str) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        told = process.environ().get("UNPACK_INSTANCE") == folder
        return told or any(folder in argument for argument in process.cmdline())
    except psutil.Error:
        return False


def eventually(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until `holds` is true; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s: {holds}"
        time.sleep(0.05)


@contextmanager
def installed(instance: Path, **environment: str) -> Iterator[Installation]:
    """An installation that is stopped at the end, whatever happens."""
    installation = Installation(instance, **environment)
    try:
        yield installation
    finally:
        if installation.runs is not None:
            installation.stop()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One running installation for the tests of a module."""
    with installed(tmp_path_factory.mktemp("installation")) as running:
        yield running.start()
