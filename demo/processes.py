"""Child processes: each leads a session of its own, so that whatever it forks can be found."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LARGEST_LOG = 5_000_000  # bytes


@dataclass(frozen=True)
class Program:
    """Something that is kept running: its name in sentences and logs, and when it is ready."""

    name: str
    command: list[str]
    ready: Callable[[], bool] = lambda: True


def log_path(logs: Path, name: str) -> Path:
    """Where the program called `name` writes."""
    return logs / f"{name.replace(' ', '-')}.log"


def start(program: Program, environment: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
    """Start `program` with its output appended to `log`."""
    _rotate(log)
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: PLW1509 - the supervisor has a single thread
            program.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )


def stop(sessions: set[int], patience: float) -> None:
    """End every process of `sessions`: asked first, killed after `patience` seconds."""
    send(sessions, signal.SIGTERM)
    if not _gone_within(sessions, patience):
        send(sessions, signal.SIGKILL)
        _gone_within(sessions, 5)


def send(sessions: set[int], number: signal.Signals) -> None:
    """Signal every process of `sessions`, horses in process groups of their own included."""
    for pid in members(sessions):
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def members(sessions: set[int]) -> list[int]:
    """The living processes that belong to one of `sessions`; an orphan still belongs."""
    found = []
    for pid in _all_pids():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) in sessions and not _is_zombie(pid):
                found.append(pid)
    return found


def last_words(log: Path, lines: int = 5) -> str:
    """The last lines of a log that say something, without the frames of a traceback."""
    if not log.exists():
        return ""
    said = log.read_text(errors="replace").splitlines()[-60:]
    plain = [line for line in said if line.strip() and not line.startswith((" ", "Traceback"))]
    return "\n".join(f"  {line[:300]}" for line in plain[-lines:])


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))


def _end_with_parent() -> None:
    """Ask the kernel for a SIGTERM should the supervisor be killed: nothing is left behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _gone_within(sessions: set[int], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while members(sessions):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _all_pids() -> list[int]:
    proc = Path("/proc/self")
    if proc.exists():  # a small container has no `ps`
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    listed = subprocess.run(["ps", "-A", "-o", "pid="], capture_output=True, check=True)
    return [int(pid) for pid in listed.stdout.split()]


def _is_zombie(pid: int) -> bool:
    """Whether `pid` has ended and only waits to be collected, by us or by an idle init."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return not Path("/proc/self").exists() and _has_ended(pid)
    return stat.rpartition(")")[2].split()[0] in "ZX"


def _has_ended(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, check=False)
    return state.stdout.strip()[:1] in (b"", b"Z")
