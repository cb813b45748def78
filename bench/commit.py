"""From the press that enters Commit until the key of every action item is stored."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from statistics import median

from sqlalchemy import Engine, create_engine, text

from app.extensions import db
from app.models import Phase, Team, User
from bench import founding, others, replay
from bench.browsing import Browser
from bench.databases import KINDS
from bench.double.memory import seconds
from bench.doubled import LATENCY, PER_ISSUE
from bench.line import Line, Row, Run
from bench.machine import Installed, installed

# Items, and how often each is measured; the median counts.
SIZES = {5: 5, 50: 5, 500: 3}
SHORT_SIZES = {5: 1, 50: 1}
PATIENCE = 120.0  # seconds
# The factor on the floor, and seconds beside it.
ALLOWED = {5: (1.5, 0.1), 50: (1.5, 0.1), 500: (2.0, 0.25)}
# Of what sends one request after the other 50 items say what 500 take.
MOST_ONE_BY_ONE = 50
RIVALS: dict[str, Callable[[str], Callable[[Sequence[others.Fields]], float]]] = {
    "jira as installed": partial(others.jira, prefetch=True),
    "jira, prefetch=False": partial(others.jira, prefetch=False),
    "atlassian-python-api": others.atlassian,
}


def measure(run: Run) -> list[Row]:
    rows: list[Row] = []
    for database in KINDS[:1] if run.short else KINDS:
        with installed(run, database) as running, pressing(running) as press:
            press(1)  # screens and owners are known from then on
            rows += _rows(running, press, run.short, database, 0.0)
            if not run.short:
                rows += _rows(running, press, run.short, f"{database}, slow bulks", PER_ISSUE)
    return rows


@dataclass(frozen=True)
class Pressed:
    """began: on the clock that the double has, too. answered, stored: seconds after that."""

    began: float
    answered: float
    stored: float


Press = Callable[[int], Pressed]


def _rows(
    running: Installed, press: Press, short: bool, where: str, per_issue: float
) -> Iterator[Row]:
    for items, times in (SHORT_SIZES if short else SIZES).items():
        running.double.set(LATENCY, per_issue)
        pressed, starts, floors = [], [], []
        for _ in range(times):
            running.double.forget()
            pressed.append(press(items))
            starts.append(running.double.asked()[0]["arrived"] - pressed[-1].began)
            floors.append(_floor(running))
        took = median(each.stored for each in pressed)
        yield _against_floor(items, where, took, median(floors))
        yield _to_start(items, where, took, median(starts), pressed)
        if where == KINDS[0]:  # the database is none of theirs
            yield from _against_others(running.double.url, items, took)


def _floor(running: Installed) -> float:
    """The same requests without us. What a press leaves to do afterwards is not among them."""
    recorded = running.double.asked()
    last = max(at for at, each in enumerate(recorded) if _creates(each))
    return replay.seconds(running.double.url, recorded[: last + 1])


def _creates(asked: replay.Recorded) -> bool:
    path: str = asked["path"]
    return asked["method"] == "POST" and path.endswith(("/issue", "/issue/bulk"))


def _against_floor(items: int, where: str, took: float, floor: float) -> Row:
    factor, more = ALLOWED[items]
    return Row(
        f"{items} items, {where}", took, "s", factor * floor + more,
        against=f"floor {floor:.2f} s; {took / floor:.1f} x",
    )  # fmt: skip


def _to_start(items: int, where: str, took: float, start: float, pressed: Sequence[Pressed]) -> Row:
    answered = median(each.answered for each in pressed)
    return Row(
        f"  from the press to the first request, {items} items, {where}", start, "s",
        against=f"{start / took:.0%} of it; the press was answered after {answered:.3f} s",
    )  # fmt: skip


def _against_others(url: str, items: int, ours: float) -> Iterator[Row]:
    """Ahead of both libraries at each size, of eight in flight from 50 on."""
    for name in RIVALS:
        measured = min(items, MOST_ONE_BY_ONE)
        theirs = _one_by_one(url, name, measured) * items / measured
        yield Row(f"  {name}, {items} items", theirs, "s", ours, at_least=True)
    eight = others.bare(url)([others.fields_of(number) for number in range(items)])
    bound = ours if items >= 50 else None
    yield Row(f"  requests, 8 in flight, {items} items", eight, "s", bound, at_least=True)


@cache
def _one_by_one(url: str, name: str, items: int) -> float:
    return RIVALS[name](url)([others.fields_of(number) for number in range(items)])


@contextmanager
def pressing(running: Installed) -> Iterator[Press]:
    """Gives what commits so many items in the browser, and waits until every key is stored."""
    team = founding.organization(0, founding.person("facilitator"))
    owner = founding.person("owner")
    team_id, owner_id = team.id, owner.id
    db.session.commit()
    browser = Browser(running.port, "facilitator@bench.test")
    engine = create_engine(running.database)

    def press(items: int) -> Pressed:
        owner, team = db.session.get_one(User, owner_id), db.session.get_one(Team, team_id)
        number = founding.retrospective(team, items, owner).id
        db.session.commit()
        browser.get(f"/retrospectives/{number}/commit")
        began = seconds()
        browser.post(f"/retrospectives/{number}/phase", shown=Phase.DISCUSS, to=Phase.COMMIT)
        answered = seconds() - began
        _wait_for_keys(engine, number, items)
        return Pressed(began, answered, seconds() - began)

    try:
        yield press
    finally:
        engine.dispose()


KEYS = text(
    "SELECT count(*) FROM issue_link JOIN action_item ON action_item.id = action_item_id"
    " WHERE retrospective_id = :number AND issue_key IS NOT NULL"
)


def _wait_for_keys(engine: Engine, number: int, items: int) -> None:
    until = time.perf_counter() + PATIENCE
    while True:
        with engine.connect() as connection:
            if connection.scalar(KEYS, {"number": number}) == items:
                return
        if time.perf_counter() > until:
            raise TimeoutError(f"not all of {items} keys after {PATIENCE:.0f} s")
        time.sleep(0.005)


LINE = Line(
    name="commit",
    how=(
        "A signed-in browser presses Commit over HTTP; the clock stops once the database holds "
        "every key, asked every 5 ms. Web, 2 workers, ticker and Redis are real; medians, after "
        "one commit that warms up. The floor replays the requests that Jira got meanwhile, up to "
        "the last create, with the same bodies and as many in flight as there were at most; a "
        "request that names issues waits for the one that made them. The libraries create the "
        "same number, one request after the other; 500 of theirs are ten times 50. Until the first "
        "request leaves, the press is answered, a worker takes the job and claims."
    ),
    simulated=(
        f"Jira: a process that takes {LATENCY * 1000:.0f} ms a request; for slow bulks "
        f"{PER_ISSUE * 1000:.0f} ms more for each issue."
    ),
    minutes=7,
    measure=measure,
)
