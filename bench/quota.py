"""Creates under Atlassian's points: how many of them are used, and whether it ever says 429."""

import time

from bench import backlog
from bench.line import Line, Row, Run
from bench.machine import installed

POINTS, SECONDS = 1083, 60
WINDOWS = 3
ORGANIZATIONS, ITEMS = 3, 900
LEAST_USED = 0.95


def measure(run: Run) -> list[Row]:
    windows = 1 if run.short else WINDOWS
    points, seconds = str(POINTS), str(SECONDS)
    with installed(run, "sqlite", JIRA_POINTS=points, JIRA_POINTS_SECONDS=seconds) as running:
        running.double.give(POINTS, SECONDS)
        teams = backlog.organizations(ORGANIZATIONS)
        _wait_for_a_window()
        backlog.commit(teams, ITEMS)
        began = int(time.time()) // SECONDS
        time.sleep(windows * SECONDS - time.time() % SECONDS + 0.5)
        spent, refused = running.double.points()
    used = [spent.get(str(began + number), 0) / POINTS for number in range(windows)]
    return [
        Row(f"points used, window {number + 1}", share, "of all", LEAST_USED, at_least=True)
        for number, share in enumerate(used)
    ] + [Row("answers 429", refused, "answers", 0)]


def _wait_for_a_window() -> None:
    """Its first seconds, so that the first is a whole one."""
    time.sleep(SECONDS - time.time() % SECONDS + 0.05)


LINE = Line(
    name="quota",
    how=(
        f"{ORGANIZATIONS} organizations commit {ITEMS} action items each at the beginning of a "
        f"window of {SECONDS} s with {POINTS} points, a sixtieth of an hour's: what Jira counts "
        "in each window, and how often it refuses."
    ),
    simulated="Jira, and its count of points: one for each request and one for each issue in it.",
    minutes=4.5,
    measure=measure,
    in_short=False,
)
