"""Ten action items behind another organization's five thousand, with one worker."""

import time

from bench import backlog
from bench.line import Line, Row, Run
from bench.machine import installed
from jobs.sync_connection import DRAIN_SECONDS

MANY, FEW = 5_000, 10
SHORT_MANY = 300


def measure(run: Run) -> list[Row]:
    with installed(run, "sqlite", workers=1) as running:
        large, small = backlog.organizations(2)
        backlog.seconds_until(backlog.commit([small], 1), 1, time.perf_counter())  # warm
        alone = _seconds(small)
        backlog.commit([large], SHORT_MANY if run.short else MANY)
        behind = _seconds(small)
        assert running.pids
    bound = DRAIN_SECONDS + 2 * alone
    return [Row(f"{FEW} items behind {MANY}", behind, "s", bound, against=f"alone {alone:.2f} s")]


def _seconds(team: int) -> float:
    began = time.perf_counter()
    return backlog.seconds_until(backlog.commit([team], FEW), FEW, began)


LINE = Line(
    name="fairness",
    how=(
        f"One worker. An organization commits {FEW} action items alone, and again right after "
        f"another one has committed {MANY:,}: it has to be through within the slice of a drain "
        f"({DRAIN_SECONDS:.0f} s) and twice the time that it takes alone."
    ),
    simulated="Jira: a process that takes 100 ms a request.",
    minutes=1.5,
    measure=measure,
)
