"""Processes of ours, started as the operator does, each with the configuration of the tests."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.support import settings
from tests.support.installation import ROOT

Start = Callable[..., "subprocess.Popen[str]"]


@contextmanager
def processes(**given: str) -> Iterator[Start]:
    """Gives what starts `python -m <module>`; what was started ends with the context."""
    started: list[subprocess.Popen[str]] = []
    environment = os.environ | settings.ENVIRONMENT | given

    def start(module: str, **overrides: str) -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env=environment | overrides,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return started[-1]

    try:
        yield start
    finally:
        for each in started:
            each.kill()
            each.communicate()
