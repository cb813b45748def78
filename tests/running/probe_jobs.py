"""Jobs that tell a test what happened to them, by files in the folder PROBE_FOLDER."""

import os
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
