"""An installation as in production, on this machine: web, workers, ticker, Redis and a database."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from flask import Flask

from app import create_app
from app.extensions import db
from bench import databases, doubled, environment
from bench.doubled import Double
from bench.line import Run
from config import from_environment
from demo import processes, programs, redis_server
from tests.support.installation import eventually
from tests.support.ports import free_port


@dataclass
class Installed:
    """A running installation. `app`: one of the bench's own, on the same database."""

    folder: Path
    port: int
    double: Double
    environment: Mapping[str, str]
    app: Flask
    pids: dict[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        return self.environment["DATABASE_URL"]

    def processor_seconds(self) -> float:
        """What all of web, workers and ticker have computed so far, ended children included."""
        return sum(_computed(pid) for pid in self.pids.values())


@contextmanager
def installed(
    run: Run, database: str, *, workers: int = 2, ticker: bool = True, **given: str
) -> Iterator[Installed]:
    """An installation on an empty database of that kind; everything ends with the context."""
    folder = run.folder / f"{database}-{len(os.listdir(run.folder))}"
    folder.mkdir()
    with ExitStack() as ends:
        double = ends.enter_context(doubled.running(folder))
        port = free_port()
        variables = environment.build(
            DATABASE_URL=databases.migrated(database, run.postgresql, folder),
            REDIS_URL=ends.enter_context(redis_server.running(folder)),
            PUBLIC_URL=f"http://localhost:{port}",
            ATLASSIAN_AUTH_URL=double.url,
            ATLASSIAN_API_URL=double.url,
            UNPACK_INSTANCE=str(folder),
            **given,
        )
        app = create_app(from_environment(variables))
        ends.enter_context(app.app_context())
        ends.callback(_let_go)
        running = Installed(folder, port, double, variables, app)
        _start(running, workers, ticker, ends)
        yield running


def _start(running: Installed, workers: int, ticker: bool, ends: ExitStack) -> None:
    (running.folder / "logs").mkdir()
    asked = programs.unpack(running.port, running.folder / "logs", workers)
    started: list[psutil.Popen] = []
    ends.callback(_stop, running, started)
    for program in asked:
        if program.name == "ticker" and not ticker:
            continue
        log = processes.log_path(running.folder / "logs", program.name)
        process = processes.start(program, running.environment, log)
        started.append(process)
        running.pids[program.name] = process.pid
    for program in asked:
        if program.name in running.pids:
            eventually(program.ready)


def _stop(running: Installed, started: list[psutil.Popen]) -> None:
    processes.stop(set(running.pids.values()), patience=10)
    for process in started:
        process.wait()


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def _computed(pid: int) -> float:
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(member.cpu_times()[:4]) for member in family)
