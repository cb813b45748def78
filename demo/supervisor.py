"""Keeps the processes of one machine running: starts again what dies, and leaves nothing behind."""

import json
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from demo import processes
from demo.processes import Program

QUICK_DEATH = 10.0  # seconds
BACK_OFF = (0.2, 1.0, 2.0)  # seconds before a start, after so many quick deaths in a row
STOP_PATIENCE = 10.0  # seconds: a push in flight has 8 to end by itself


class CannotRun(Exception):
    """It cannot go on. The text is one sentence for the person who started it."""


class Stopped(Exception):
    """Somebody asked it to stop."""


def restart_delay(lifetimes: Sequence[float]) -> float | None:
    """Seconds to wait before starting a program again, None when it dies too quickly too often.

    `lifetimes`: how long it lived, in seconds, each time that it ended by itself.
    """
    quick = 0
    for lifetime in reversed(lifetimes):
        if lifetime >= QUICK_DEATH:
            break
        quick += 1
    return BACK_OFF[quick] if quick < len(BACK_OFF) else None


@dataclass
class Child:
    """A program and its present process, if it has one."""

    program: Program
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_at: float = 0.0
    lifetimes: list[float] = field(default_factory=list)


class Supervisor:
    def __init__(self, instance: Path, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.logs = instance / "logs"
        self.process_list = instance / "processes.json"
        self.children: list[Child] = []
        self.sessions: set[int] = set()
        self.stop_requests = 0
        self.logs.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._request_stop)

    def add(self, program: Program) -> None:
        """Start `program` and keep it running."""
        child = Child(program)
        self.children.append(child)
        self._start(child)

    def wait_until_ready(self, patience: float = 60.0) -> None:
        """Wait for every program to say that it is ready."""
        deadline = time.monotonic() + patience
        for child in self.children:
            while not child.program.ready():
                self._watch_for(0.05)
                if time.monotonic() > deadline:
                    raise CannotRun(self._sentence(child, "did not become ready"))

    def run_once(self, program: Program) -> None:
        """Run `program` to its end; anything but success ends it all."""
        process = self._spawn(program)
        while process.poll() is None:
            self._watch_for(0.02)
        if process.returncode != 0:
            raise CannotRun(self._sentence(Child(program), "failed"))

    def watch(self) -> None:
        """Keep everything running until somebody asks to stop."""
        while True:
            self._watch_for(0.1)

    def stop(self) -> None:
        """End every process ever started here, Redis last: the others may still ring bells."""
        last = {c.process.pid for c in self.children if c.process and c.program.name == "redis"}
        processes.stop(self.sessions - last, STOP_PATIENCE if self.stop_requests < 2 else 0)
        processes.stop(last, STOP_PATIENCE)
        self.process_list.unlink(missing_ok=True)

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_requests += 1

    def _watch_for(self, seconds: float) -> None:
        if self.stop_requests:
            raise Stopped
        for child in self.children:
            self._look_after(child)
        time.sleep(seconds)

    def _look_after(self, child: Child) -> None:
        if child.process is None:
            if time.monotonic() >= child.start_at:
                self._start(child)
        elif child.process.poll() is not None:
            self._bury(child, child.process)

    def _start(self, child: Child) -> None:
        child.process = self._spawn(child.program)
        child.started_at = time.monotonic()
        running = {c.program.name: c.process.pid for c in self.children if c.process}
        draft = self.process_list.with_suffix(".new")
        draft.write_text(json.dumps(running))
        draft.replace(self.process_list)

    def _spawn(self, program: Program) -> "subprocess.Popen[bytes]":
        process = processes.start(
            program, self.environment, processes.log_path(self.logs, program.name)
        )
        self.sessions.add(process.pid)
        return process

    def _bury(self, child: Child, process: "subprocess.Popen[bytes]") -> None:
        """Clear away what the dead process left and plan its successor."""
        killed = process.returncode == -signal.SIGKILL
        if not killed:  # nobody crashes by a SIGKILL: it comes from outside and says nothing
            child.lifetimes.append(time.monotonic() - child.started_at)
        delay = restart_delay(child.lifetimes)
        if delay is None:
            raise CannotRun(self._sentence(child, f"ended {len(BACK_OFF)} times in a row"))
        name = child.program.name
        how = "was killed" if killed else f"ended (exit code {process.returncode})"
        print(f"The {name} process {how}; starting it again.", flush=True)
        processes.stop({process.pid}, patience=2)
        child.process = None
        child.start_at = time.monotonic() + delay

    def _sentence(self, child: Child, what: str) -> str:
        log = processes.log_path(self.logs, child.program.name)
        said = processes.last_words(log)
        end = f" Its last words, from {log}:\n{said}" if said else f" Its log: {log}"
        return f"The {child.program.name} process {what}.{end}"
