"""Deliveries that are verified and stored, beside a route that does nothing but one INSERT."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection
from app.serving import granian
from bench import bare_route, databases, deliveries, environment, founding, load
from bench.databases import KINDS
from bench.line import Line, Row, Run
from bench.machine import Installed, installed
from demo import processes
from demo.processes import Program
from tests.support.installation import eventually
from tests.support.ports import answers, free_port

SITES = 200
CONNECTIONS = 64  # Atlassian has some twenty under way for each site
ROUNDS, SECONDS = 4, 4.0
SHORT_ROUNDS, SHORT_SECONDS = 1, 2.0
LEAST_SHARE = 0.6  # of the bare route's rate
LONGEST = 0.05  # seconds, of 99 % at half the rate


def measure(run: Run) -> list[Row]:
    rows = []
    for database in KINDS:
        with installed(run, database, workers=0, ticker=False) as running:
            _register()
            with _bare(run, database, running) as bare:
                rows += _rows(running, bare, database, run.short)
    return rows


def _rows(running: Installed, bare: int, database: str, short: bool) -> list[Row]:
    rounds, seconds = (SHORT_ROUNDS, SHORT_SECONDS) if short else (ROUNDS, SECONDS)
    for port in (running.port, bare):
        load.as_fast(port, deliveries.arriving(port, SITES), CONNECTIONS, seconds / 2)
    ours, theirs = [], []
    for _ in range(rounds):  # in turn, so that both see the same machine
        theirs.append(_rate(bare, seconds))
        ours.append(_rate(running.port, seconds))
    rate = median(ours)
    half = load.at_rate(
        running.port, deliveries.arriving(running.port, SITES), rate / 2, rounds * seconds
    )
    return [
        Row(
            f"stored, {database}", rate, "a second", LEAST_SHARE * median(theirs), at_least=True,
            against=f"bare route {median(theirs):.0f} a second: {rate / median(theirs):.2f} of it",
        ),
        Row(f"p99 at {rate / 2:.0f} a second, {database}", half.percentile(0.99), "s", LONGEST),
        Row(f"refused at that rate, {database}", half.refused, "deliveries", 0),
    ]  # fmt: skip


def _rate(port: int, seconds: float) -> float:
    return load.as_fast(port, deliveries.arriving(port, SITES), CONNECTIONS, seconds).rate


def _register() -> None:
    facilitator = founding.person("facilitator")
    for number in range(SITES):
        founding.organization(number, facilitator)
    for connection in db.session.scalars(select(JiraConnection)):
        deliveries.register(connection)
    db.session.commit()


@contextmanager
def _bare(run: Run, database: str, ours: Installed) -> Iterator[int]:
    """The port of the bare route, on the same web server and the same kind of database."""
    url = databases.empty(database, run.postgresql, run.folder)
    bare_route.prepare(url)
    port = free_port()
    listen = ["--host", "127.0.0.1", "--port", str(port)]
    command = [*granian(ours.app.config["WEB_PROCESSES"]), *listen, "bench.bare_route:server"]
    variables = environment.build(BARE_DATABASE=url)
    started = processes.start(Program("bare", command), variables, run.folder / "bare.log")
    try:
        eventually(lambda: answers(port))
        yield port
    finally:
        processes.stop({started.pid}, patience=5)
        started.wait()


LINE = Line(
    name="webhooks",
    how=(
        f"{CONNECTIONS} connections post signed deliveries of {SITES} sites as fast as they are "
        "answered, to Unpack's web server and to a Flask route that inserts one row and commits, "
        "on the same server (granian, as many processes) and kind of database; in turn, "
        f"{ROUNDS} times {SECONDS:.0f} s each, medians. Then at half of that rate, an answer's "
        "time beginning when its delivery was due. Workers are stopped meanwhile: what comes of "
        "deliveries is in other lines."
    ),
    simulated="Jira: deliveries as it signs and sends them, from this machine.",
    minutes=2.5,
    measure=measure,
)
