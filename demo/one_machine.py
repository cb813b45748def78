"""What whoever starts all of Unpack on one machine needs: the demo, and `make serve`."""

import argparse
import fcntl
import importlib.util
import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from demo.supervisor import CannotRun, Stopped, Supervisor

ROOT = Path(__file__).resolve().parent.parent
NEEDED_MODULES = ("flask", "granian", "redis", "rq", "sqlalchemy")
LAST_BREATH = 3.0  # seconds in which processes that were killed let go of their ports


def parser(
    goal: str, summary: str | None, folder: Path, port: str | None = None
) -> argparse.ArgumentParser:
    """The options that `make <goal>` has: where it listens, how many workers, its folder."""
    made = argparse.ArgumentParser(prog=f"make {goal}", description=summary)
    made.add_argument("--port", type=int, default=os.environ.get("PORT") or port)
    made.add_argument("--workers", type=_at_least_one, default=os.environ.get("WORKERS") or "2")
    made.add_argument("--instance", type=Path, default=folder)
    return made


def check_modules(goal: str) -> None:
    """Raise `CannotRun` where what Unpack needs is not installed."""
    missing = [name for name in NEEDED_MODULES if importlib.util.find_spec(name) is None]
    if missing:
        raise CannotRun(
            f"Not installed: {', '.join(missing)}. `make {goal}` installs everything; if it did "
            "before, delete .venv and run it again."
        )


def check_port(port: int, name: str, goal: str) -> None:
    """Raise `CannotRun` for a port on which somebody answers. What was just killed is not quite
    gone."""
    until = time.monotonic() + LAST_BREATH
    while _is_taken(port):
        if time.monotonic() > until:
            raise CannotRun(
                f"Port {port} is taken by another program: "
                f"stop it, or choose another port with `make {goal} {name}={port + 10}`."
            )
        time.sleep(0.1)


def refuse(settings: Mapping[str, str]) -> None:
    """Say at once what every process would say in its log. Raises `CannotRun`."""
    from config import ConfigurationError, from_environment  # only once all is known to be there

    try:
        from_environment(settings)
    except ConfigurationError as error:
        raise CannotRun(str(error)) from None


@contextmanager
def only_one(instance: Path, what: str) -> Iterator[None]:
    """Hold the folder: two of them in it would write over each other's data."""
    with (instance / f"{what}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotRun(f"The {what} already runs on the data in {instance}.") from None
        yield


def run(supervisor: Supervisor, start: Callable[[], str]) -> None:
    """Start everything, say what `start` has to say, and watch until it is to end. Stops it all,
    whatever happens."""
    try:
        with suppress(Stopped):
            print(start(), flush=True)
            supervisor.watch()
    finally:
        supervisor.stop()


def short(path: Path) -> Path:
    """`path` as a person would say it who stands in the project's folder."""
    whole = path.resolve()
    return whole.relative_to(ROOT) if whole.is_relative_to(ROOT) else whole


def _at_least_one(words: str) -> int:
    if not words.isdecimal() or int(words) < 1:
        raise argparse.ArgumentTypeError("a whole number, 1 at least")
    return int(words)


def _is_taken(port: int) -> bool:
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with suppress(OSError), socket.socket(family) as probe:
            probe.settimeout(1)
            if probe.connect_ex((address, port)) == 0:
                return True
    return False
