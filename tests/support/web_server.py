"""The web server as production runs it, by the command of docs/operations.md, on a free port."""

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

from demo import processes
from tests.support import settings
from tests.support.installation import OURS, ROOT
from tests.support.ports import free_port

OPERATIONS = ROOT / "docs" / "operations.md"


class WebServer(NamedTuple):
    """A running server; `log` is what it has written."""

    port: int
    log: Path
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def production_command(port: int) -> list[str]:
    """What docs/operations.md tells to run, on this machine's own address and `port`."""
    told = re.search(r"^    python (-m app\.serving .*)$", OPERATIONS.read_text(), re.MULTILINE)
    assert told, "docs/operations.md does not say how to start the web server"
    words = shlex.split(told[1])
    for option, value in {"--host": "127.0.0.1", "--port": str(port)}.items():
        words[words.index(option) + 1] = value
    return [sys.executable, *words]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """What a process of ours is told: the tests' configuration, and what the test gives."""
    inherited = {name: value for name, value in os.environ.items() if not OURS.fullmatch(name)}
    return inherited | settings.ENVIRONMENT | dict(given)


@contextmanager
def serving(folder: Path, **given: str) -> Iterator[WebServer]:
    """The server, from its first answer on, until the context ends."""
    port = free_port()
    with (folder / f"web-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            production_command(port),
            cwd=ROOT,
            env=environment(given),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(port, process)
        yield WebServer(port, folder / f"web-{port}.log", process)
    finally:
        # With what it forked: granian leaves a process behind that began while it was told to end.
        processes.stop({process.pid}, patience=5)
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while not _answers(port):
        assert process.poll() is None, "the web server ended"
        assert time.monotonic() < deadline, "the web server did not start"
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
