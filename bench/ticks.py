"""What a second of the ticker costs: with nothing to do, and for each connection that is due."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from flask import Flask
from sqlalchemy import event

from app import create_app, queue
from app.extensions import db
from bench import backlog, databases, environment, many_connections
from bench.line import Line, Row, Run
from demo import redis_server
from jobs import ticker

FEW, MANY, DUE = 10, 10_000, 1_000
SHORT_MANY, SHORT_DUE = 500, 50
ROUNDS, SHORT_ROUNDS = 60, 5
IDLE_MS, ALLOWED_FACTOR = 100.0, 1.3


@dataclass
class Installation:
    """An app on a database of its own. `asked`: what its ticks asked when; `teams`: their ids."""

    app: Flask
    teams: list[int]
    asked: dict[str, datetime] = field(default_factory=dict)
    statements: int = 0

    def tick(self) -> float:
        """A tick as the ticker does it; how many milliseconds it took."""
        began = time.perf_counter()
        assert ticker.tick(self.app, asked=self.asked), "the database or Redis is away"
        return (time.perf_counter() - began) * 1000

    def silence(self) -> None:
        """Take away the bells that ring, or the next tick would ring none."""
        with self.app.app_context():
            queue.redis_connection().flushdb()

    def commit(self, due: int) -> None:
        """An action item of each of so many connections is due from now on: nobody pushes it."""
        with self.app.app_context():
            for team in self.teams[:due]:
                backlog.commit([team], 1)
            many_connections.settle()
        self.silence()


def measure(run: Run) -> list[Row]:
    return [row for kind in databases.KINDS for row in _of_database(run, kind)]


def _of_database(run: Run, kind: str) -> Iterator[Row]:
    many, due = (SHORT_MANY, SHORT_DUE) if run.short else (MANY, DUE)
    rounds = SHORT_ROUNDS if run.short else ROUNDS
    with installation(run, kind, FEW) as small, installation(run, kind, many) as large:
        small.tick(), large.tick()  # whom the calendar owes nothing is noted once
        everything = _everything(large, rounds)
        _count(large)
        idle_small, idle = _in_turn(small, large, rounds)
        small.commit(FEW)
        large.commit(due)
        due_small, due_large = _in_turn(small, large, rounds)
    base = _each(due_small, idle_small, FEW)
    each = _each(due_large, idle, due)
    of = f"{large.statements} statements, median {median(idle):.1f}, least {min(idle):.1f} ms"
    beside = f"with {FEW} connections {median(idle_small):.1f} and {min(idle_small):.1f}"
    yield Row(f"idle tick at {many:,}, p95, {kind}", _p95(idle), "ms", IDLE_MS,
              against=f"{of}; {beside}")  # fmt: skip
    yield Row(f"the same on the hour, median, {kind}", median(everything), "ms")
    yield Row(f"{due:,} due of {many:,}, each, {kind}", each, "ms", base * ALLOWED_FACTOR,
              against=f"{FEW} of {FEW}: {base:.3f} ms; all {min(due_large):.0f} ms")  # fmt: skip


@contextmanager
def installation(run: Run, kind: str, connections: int) -> Iterator[Installation]:
    """So many connections, and a Redis of its own. Nothing else runs."""
    folder = run.folder / f"{kind}-{connections}"
    folder.mkdir()
    with ExitStack() as ends:
        settings = environment.settings(
            DATABASE_URL=databases.migrated(kind, run.postgresql, folder),
            REDIS_URL=ends.enter_context(redis_server.running(folder)),
            SMTP_URL="smtp://localhost:2525",
        )
        app = create_app(settings)
        with app.app_context():
            teams = many_connections.found(connections)
        yield Installation(app, teams)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _in_turn(
    small: Installation, large: Installation, rounds: int
) -> tuple[list[float], list[float]]:
    """One tick of each after the other, so that both meet the machine as it is."""
    found: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for installed, took in zip((small, large), found, strict=True):
            installed.silence()
            took.append(installed.tick())
    return found


def _everything(large: Installation, rounds: int) -> list[float]:
    found = []
    for _ in range(max(3, rounds // 3)):
        large.asked.clear()
        found.append(large.tick())
    return found


def _count(large: Installation) -> None:
    """The statements of an idle tick, but for what begins a transaction."""

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        large.statements += not statement.startswith("BEGIN")

    with large.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    large.tick()
    event.remove(engine, "before_cursor_execute", hear)


def _each(with_due: list[float], idle: list[float], due: int) -> float:
    """What one that is due adds to a tick, its bell included: of the ticks that met least."""
    return (min(with_due) - min(idle)) / due


def _p95(took: list[float]) -> float:
    ranked = sorted(took)
    return ranked[int(len(ranked) * 0.95)]


LINE = Line(
    name="ticks",
    how=(
        f"The ticker's own tick, called once and again. {MANY:,} connections that are mapped, have "
        f"a webhook and owe nothing, beside {FEW}: in turn, on both databases. Then an action item "
        f"is due of {DUE:,} of them, and of each of the {FEW}: what a tick takes more, by their "
        "number, bells and jobs in Redis included, of the ticks that met least."
    ),
    simulated="The tick runs in the process of the bench. No worker takes the jobs.",
    minutes=3,
    measure=measure,
)
