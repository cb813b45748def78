"""What one worker and what four get done, and how much of the machine is left."""

import time
from dataclasses import dataclass

import psutil

from bench import backlog
from bench.line import Line, Row, Run
from bench.machine import installed

FEW, MANY = 1, 4
ORGANIZATIONS, ITEMS = 200, 5
SHORT_MANY, SHORT_ORGANIZATIONS = 2, 4
LEAST_GAIN = 2.2


@dataclass(frozen=True)
class Worked:
    """seconds: until every key was stored. left: of the processor's time, from 0 to 1."""

    seconds: float
    left: float


def measure(run: Run) -> list[Row]:
    organizations = SHORT_ORGANIZATIONS if run.short else ORGANIZATIONS
    more = SHORT_MANY if run.short else MANY
    few, many = (_worked(run, workers, organizations) for workers in (FEW, more))
    gain = few.seconds / many.seconds
    return [
        Row(
            f"{more} workers for {organizations} organizations", gain, "x", LEAST_GAIN,
            at_least=True, against=f"{few.seconds:.1f} s with {FEW}, {many.seconds:.1f} s",
        ),
        Row(f"processor left beside {FEW}", few.left, "of all"),
        Row(f"processor left beside {more}", many.left, "of all"),
    ]  # fmt: skip


def _worked(run: Run, workers: int, organizations: int) -> Worked:
    with installed(run, "postgresql", workers=workers):
        teams = backlog.organizations(organizations)
        retrospectives = backlog.commit(teams, ITEMS)
        psutil.cpu_times_percent()  # counts from here
        began = time.perf_counter()
        seconds = backlog.seconds_until(retrospectives, organizations * ITEMS, began)
        left = psutil.cpu_times_percent().idle / 100
    return Worked(seconds, left)


LINE = Line(
    name="workers",
    how=(
        f"PostgreSQL. {ORGANIZATIONS} organizations commit {ITEMS} action items each, all at once: "
        f"how long until every key is stored, with {FEW} worker and with {MANY}. What the "
        "processor had left meanwhile is the machine's, the double's and PostgreSQL's share gone."
    ),
    simulated="Jira: a process that takes 100 ms a request.",
    minutes=3,
    measure=measure,
)
