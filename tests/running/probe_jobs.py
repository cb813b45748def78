"""Jobs that tell a test what happened to them, by files in the folder PROBE_FOLDER."""

import os
import socket
import time
from pathlib import Path

from app.stopping import stop_requested
from jobs.context import in_app


@in_app
def say(_number: int) -> None:
    (folder() / "ran").write_text(str(os.getpid()))


@in_app
def wait_to_be_stopped(_number: int) -> None:
    """Run for half a minute, unless asked to stop."""
    (folder() / "started").write_text(str(os.getpid()))
    for _ in range(600):
        if stop_requested():
            (folder() / "stopped").touch()
            return
        time.sleep(0.05)


@in_app
def leave_a_socket(number: int) -> None:
    """Leave one in a circle, as a session of HTTP does; say how many descriptors are open."""
    circle: list[object] = [socket.socket()]
    circle.append(circle)
    (folder() / f"of {number}").write_text(str(len(os.listdir("/proc/self/fd"))))


def folder() -> Path:
    return Path(os.environ["PROBE_FOLDER"])


def note_callback(*_whatever: object) -> None:
    """What nobody of ours asks for: a callback of RQ's."""
    (folder() / "called").touch()


@in_app
def sign(number: int) -> None:
    """Say which process it ran in."""
    (folder() / f"of {number}").write_text(str(os.getpid()))


@in_app
def fail(number: int) -> None:
    """The same, and end as no job should."""
    (folder() / f"of {number}").write_text(str(os.getpid()))
    raise LookupError("as asked for")
