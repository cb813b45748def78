"""What web server, worker and ticker hold in memory, and whether it grows with what they do."""

import time
from collections.abc import Mapping
from contextlib import suppress

import psutil

from bench import backlog
from bench.browsing import Browser
from bench.line import Line, Row, Run
from bench.machine import Installed, installed

ORGANIZATIONS, ITEMS, ROUNDS = 5, 400, 50  # 100,000 pushes
SHORT_ITEMS, SHORT_ROUNDS = 20, 2
WARM = 10  # rounds: by then everything was done once
LATENCY = 0.005  # seconds
POINTS = 10_000_000  # an hour: Jira's would be spent after two thirds
LARGEST = 160.0  # MB of each process
FLAT = 8.0  # MB that all processes of a program may grow by
MB = 1_000_000
PAGES = ("", "/action-items", "/settings/integrations/jira/sync-log")

Held = Mapping[str, list[float]]


def measure(run: Run) -> list[Row]:
    items, rounds = (SHORT_ITEMS, SHORT_ROUNDS) if run.short else (ITEMS, ROUNDS)
    with installed(run, "sqlite", workers=1, JIRA_POINTS=str(POINTS)) as running:
        running.double.set(LATENCY)
        teams = backlog.organizations(ORGANIZATIONS)
        browser = Browser(running.port, "facilitator@bench.test")
        most: dict[str, float] = {}
        held: list[Held] = []
        for _ in range(rounds):
            retrospectives = backlog.commit(teams, items)
            _browse(browser, retrospectives[0])
            _note_largest(running, most)
            backlog.seconds_until(retrospectives, ORGANIZATIONS * items, time.perf_counter())
            held.append(_at_rest(running))
    pushes = ORGANIZATIONS * items
    warm = min(WARM, rounds - 1)
    return [
        row
        for name in ("web", "worker 1", "ticker")
        for row in _rows(name, most[name], held[warm - 1], held[-1], warm * pushes, rounds * pushes)
    ]


def _rows(name: str, most: float, warm: Held, last: Held, first: int, pushes: int) -> list[Row]:
    grown = sum(last[name]) - sum(warm[name])
    processes = len(last[name])
    return [
        Row(f"{name}, its largest process", most, "MB", LARGEST,
            against=f"{processes} process{'es' * (processes > 1)}, {sum(last[name]):.0f} MB"),
        Row(f"{name}, grown from {first:,} to {pushes:,} pushes", grown, "MB", FLAT),
    ]  # fmt: skip


def _browse(browser: Browser, retrospective: int) -> None:
    """While workers push, people look."""
    for page in PAGES:
        browser.get(f"/organizations/organization-0{page}")
    browser.get(f"/retrospectives/{retrospective}")


def _note_largest(running: Installed, most: dict[str, float]) -> None:
    for name, processes in _held(running).items():
        most[name] = max(most.get(name, 0.0), *processes)


def _at_rest(running: Installed) -> Held:
    """Once no job runs: a job is a process, and gone with all that it held."""
    until = time.monotonic() + 5
    while time.monotonic() < until and len(_family(running.pids["worker 1"])) > 1:
        time.sleep(0.05)
    return _held(running)


def _held(running: Installed) -> Held:
    return {name: _megabytes(_family(pid)) for name, pid in running.pids.items()}


def _family(pid: int) -> list[psutil.Process]:
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def _megabytes(processes: list[psutil.Process]) -> list[float]:
    found = []
    for each in processes:
        with suppress(psutil.NoSuchProcess):  # a job that has just ended
            found.append(each.memory_full_info().pss / MB)
    return found


LINE = Line(
    name="memory",
    how=(
        f"{ORGANIZATIONS} organizations commit {ITEMS} action items each, {ROUNDS} times; one "
        "worker pushes them while somebody looks at pages. The proportional set size (what "
        "processes share counts by their number) of each process, jobs included; and how much "
        f"more all processes of a program hold in the end than after {WARM} rounds, between jobs."
    ),
    simulated=(
        f"Jira: a process that takes {LATENCY * 1000:.0f} ms a request, and gives {POINTS:,} "
        "points an hour."
    ),
    minutes=12,
    measure=measure,
)
