"""What a poll without news costs, and what 500 people who look at one retrospective do to it."""

import re
import time
from collections.abc import Iterator
from statistics import quantiles

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from app.extensions import db
from bench import backlog, databases, environment
from bench.browsing import Browser
from bench.fill import ADMIN, fill
from bench.line import Line, Row, Run
from bench.machine import Installed, installed
from bench.pages import signed_in
from bench.viewers import Page, Watched, poll_of, watch

ITEMS = 20
VIEWERS, BEFORE, SECONDS = 500, 40.0, 30.0
SHORT_VIEWERS, SHORT_BEFORE, SHORT_SECONDS = 20, 6.0, 8.0
ROUNDS, SHORT_ROUNDS = 400, 40
ALLOWED_FACTOR, STATEMENTS, LONGEST = 2.0, 4, 0.2
NOTHING = "/bench/nothing"
# What SQLAlchemy and the driver say by themselves, each a round trip.
UNCOUNTED = {"sqlite": "ROLLBACK", "postgresql": "a ping of the connection, BEGIN, ROLLBACK"}


def measure(run: Run) -> list[Row]:
    alone = [row for kind in databases.KINDS for row in _beside_nothing(run, kind)]
    return [*alone, *_watched(run)]


def _beside_nothing(run: Run, kind: str) -> Iterator[Row]:
    """A poll and a 204 that loads session and user, in turn."""
    url = databases.migrated(kind, run.postgresql, run.folder)
    app = create_app(
        environment.settings(DATABASE_URL=url, REDIS_URL="redis://localhost:1", UNPACK_DEMO="1")
    )
    app.add_url_rule(NOTHING, view_func=lambda: ("", 204), endpoint="bench_nothing")
    with app.app_context():
        filled = fill(db.engine, 1_000)
    client = signed_in(app, ADMIN)
    shown = client.get(f"/retrospectives/{filled.retrospective_id}").get_data(as_text=True)
    poll = re.findall(r'hx-get="([^"]*/panel[^"]*pulse=[^"]*)"', shown)[0].replace("&amp;", "&")
    polls: list[float] = []
    nothing: list[float] = []
    for number in range(SHORT_ROUNDS if run.short else ROUNDS):
        for path, took in ((poll, polls), (NOTHING, nothing)):
            milliseconds = _answered(client, path)
            if number >= 5:  # by then everything was put together once
                took.append(milliseconds)
    asked, base_asked = (_statements(app, client, path) for path in (poll, NOTHING))
    own, base = _quick(polls), _quick(nothing)
    yield Row(f"unchanged poll, {kind}", own, "ms", ALLOWED_FACTOR * base,
              against=f"204 {base:.2f} ms: {own / base:.2f} times that")  # fmt: skip
    yield Row(f"its statements, {kind}", asked, "statements", STATEMENTS,
              against=f"204: {base_asked}; not counted, of both: {UNCOUNTED[kind]}")  # fmt: skip
    with app.app_context():
        db.engine.dispose()


def _quick(took: list[float]) -> float:
    """The time within which a quarter was answered: what else the machine does counts little."""
    return quantiles(took, n=4)[0]


def _answered(client: FlaskClient, path: str) -> float:
    began = time.perf_counter()
    status = client.get(path, headers={"HX-Request": "true"}).status_code
    assert status == 204, f"{path} answered {status}"
    return (time.perf_counter() - began) * 1000


def _statements(app: Flask, client: FlaskClient, path: str) -> int:
    """What begins the transaction included."""
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    _answered(client, path)
    event.remove(engine, "before_cursor_execute", hear)
    return len(asked)


def _watched(run: Run) -> Iterator[Row]:
    many = SHORT_VIEWERS if run.short else VIEWERS
    with installed(run, "postgresql", workers=0, ticker=False) as running:
        one, all_of_them = (
            _commit(run, running, team, people)
            for people, team in zip((1, many), backlog.organizations(2), strict=True)
        )
    load = all_of_them.load
    each = all_of_them.computed * 1000 / len(load.seconds)
    p50, p95 = load.percentile(0.5), load.percentile(0.95)
    beside = f"one {one.load.percentile(0.95):.3f} s; p50 {p50:.3f} s, {load.rate:.0f} a second"
    yield Row(f"{many} viewers from the commit on, p95", p95, "s", LONGEST,
              against=f"{beside}, {each:.1f} ms of processor each")  # fmt: skip
    yield Row("refused meanwhile", load.refused, "polls", 0)
    saw = sorted(all_of_them.until)
    yield Row("until the last of them sees the commit", saw[-1], "s",
              against=f"half of them {saw[len(saw) // 2]:.1f} s; {len(saw)} saw it")  # fmt: skip


def _commit(run: Run, running: Installed, team_id: int, people: int) -> Watched:
    """One that so many people see."""
    retrospective_id = backlog.discussed(team_id, ITEMS)
    browser = Browser(running.port, "facilitator@bench.test")
    cookie = "; ".join(f"{each.name}={each.value}" for each in browser.session.cookies)
    poll = poll_of(browser.get(f"/retrospectives/{retrospective_id}").text)
    computed: list[float] = []

    def commit() -> None:
        computed.append(running.processor_seconds())
        with running.app.app_context():
            backlog.enter_commit(retrospective_id)

    before, after = (SHORT_BEFORE, SHORT_SECONDS) if run.short else (BEFORE, SECONDS)
    seen = watch(Page(running.port, cookie, poll), people, before, commit, after)
    seen.computed = running.processor_seconds() - computed[0]
    return seen


LINE = Line(
    name="polls",
    how=(
        "An unchanged poll of a panel and a signed-in 204 that loads session and user, in turn, in "
        "one process; the time within which a quarter was answered. Then "
        f"{VIEWERS} people have one retrospective of {ITEMS} action items open in Discuss, for "
        f"{BEFORE:.0f} s; it enters Commit, which is news for all of them and when pages ask most "
        f"often, and for {SECONDS:.0f} s from then on each answer counts, on the web server and "
        "PostgreSQL: each asks as often as the page says, the server tells it and polling.js "
        "lets it."
    ),
    simulated=(
        "No HTTP in the first part. In the second one person's session stands for all of them, "
        "and no worker runs, so that everything stays under way."
    ),
    minutes=2,
    measure=measure,
)
