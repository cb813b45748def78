"""Jobs that tell a test what happened to them, by files in a folder."""

import os
import time
from pathlib import Path

from app.stopping import stop_requested
from jobs.context import in_app


@in_app
def say(folder: str) -> None:
    (Path(folder) / "ran").write_text(str(os.getpid()))


@in_app
def wait_to_be_stopped(folder: str) -> None:
    """Run for half a minute, unless asked to stop."""
    (Path(folder) / "started").write_text(str(os.getpid()))
    for _ in range(600):
        if stop_requested():
            (Path(folder) / "stopped").touch()
            return
        time.sleep(0.05)
