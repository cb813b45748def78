"""What a created issue costs: processor time and statements."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from rq.registry import StartedJobRegistry
from sqlalchemy import event

from app import queue
from app.extensions import db
from app.jira import transport
from app.jira.types import Call
from app.models import JiraConnection
from bench import backlog
from bench.databases import KINDS
from bench.line import Line, Row, Run
from bench.machine import Installed, installed
from jobs import sync_connection
from tests.support.installation import eventually

ITEMS, SHORT_ITEMS = 500, 50
REST, SHORT_REST = 5.0, 1.0  # seconds in which nothing is to be done
AFTER_THE_JOB = 1.0  # seconds: what rests then is taken off
SYNC = queue.QUEUES[queue.SYNC_CONNECTION]
BULK = 50
MILLISECONDS, STATEMENTS, TO_RECORD = 1.5, 1.0, 12


def measure(run: Run) -> list[Row]:
    kinds = KINDS[:1] if run.short else KINDS
    return [row for database in kinds for row in _rows(run, database)]


def _rows(run: Run, database: str) -> list[Row]:
    items = SHORT_ITEMS if run.short else ITEMS
    with installed(run, database, workers=1) as running:
        [team] = backlog.organizations(1)
        _pushed(team, 1)  # warm
        at_rest = _computed_during(running, partial(time.sleep, SHORT_REST if run.short else REST))
        at_work = _computed_during(running, partial(_pushed, team, items))
        spent = (at_work.computed - at_rest.share * at_work.passed) / items * 1000
    with installed(run, database, workers=0, ticker=False):
        [team] = backlog.organizations(1)
        _drained(team, 1)
        statements, _ = _drained(team, items)
        _, recorded = _drained(team, BULK)
    return [
        Row(f"processor time, each, {database}", spent, "ms", MILLISECONDS,
            against=f"beside {at_rest.share * 1000:.0f} ms for each second at rest"),
        Row(f"statements, each, {database}", statements / items, "statements", STATEMENTS),
        Row(f"from the last answer to a bulk of {BULK} to the commit, {database}", recorded,
            "statements", TO_RECORD),
    ]  # fmt: skip


@dataclass(frozen=True)
class Computed:
    """What web, worker and ticker computed, and how long it took. In seconds."""

    computed: float
    passed: float

    @property
    def share(self) -> float:
        return self.computed / self.passed


def _computed_during(running: Installed, act: Callable[[], object]) -> Computed:
    before, began = running.processor_seconds(), time.perf_counter()
    act()
    return Computed(running.processor_seconds() - before, time.perf_counter() - began)


def _pushed(team: int, items: int) -> None:
    """So many are committed, their keys stored, and the job has ended and tidied up behind it."""
    backlog.seconds_until(backlog.commit([team], items), items, time.perf_counter())
    eventually(lambda: _started() == 0)
    time.sleep(AFTER_THE_JOB)


def _started() -> int:
    registry = StartedJobRegistry(SYNC, connection=queue.redis_connection())
    return registry.get_job_count(cleanup=False)


def _drained(team: int, items: int) -> tuple[int, int]:
    """Statements of one drain of so many creates, and of its first recording."""
    backlog.commit([team], items)
    connection_id = db.session.query(JiraConnection.id).scalar()
    db.session.commit()
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("PRAGMA"):
            asked.append("statement")

    def answered(call: Call) -> None:
        asked.append(call.operation)

    def committed(_connection: Any) -> None:
        asked.append("commit")

    event.listen(db.engine, "before_cursor_execute", hear)
    event.listen(db.engine, "commit", committed)
    with transport.called.connected_to(answered):
        sync_connection.run(connection_id)
    event.remove(db.engine, "before_cursor_execute", hear)
    event.remove(db.engine, "commit", committed)
    return asked.count("statement"), _to_record(asked)


def _to_record(asked: list[str]) -> int:
    """Of what was asked, between the answer that says which issue is whose and the next commit."""
    if "bulk_fetch" not in asked:
        return 0
    after = asked[asked.index("bulk_fetch") + 1 :]
    return after[: after.index("commit")].count("statement")


LINE = Line(
    name="work",
    how=(
        f"{ITEMS} creates, both databases. Processor time of web, one worker and ticker, not "
        "of the database's server, from the commit until the keys are stored and the job has "
        "ended, less what they compute in as many seconds at rest. Statements of the same drain "
        f"in one process, and of {BULK} creates from the answer by which their issues are told "
        "apart to the commit that records them."
    ),
    simulated="Jira: a process that takes 100 ms a request.",
    minutes=2,
    measure=measure,
)
