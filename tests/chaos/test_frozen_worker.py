"""A worker is frozen with updates in flight and wakes when others have done its work."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import psutil
import pytest
from redis import Redis
from rq.registry import StartedJobRegistry
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, IssueLink, LinkState, Phase, Retrospective
from app.queue import QUEUE_NAMES
from app.services.back_offs import IN_FLIGHT
from app.services.outbound import links as outbound_links
from app.services.retrospectives import phases
from tests.chaos.breaking import frozen_with_requests_in_flight
from tests.support.beside import beside
from tests.support.connected import Acme
from tests.support.installation import Installation, eventually, installed

ITEMS = IN_FLIGHT + 4  # some have not left when it is frozen
QUICK = {
    "SYNC_LEASE": "4",
    "JIRA_TIMEOUT": "1.5",
    "SYNC_PROBE_DELAYS": "0.2,0.2",
    "SYNC_RETRY_DELAYS": "0.5,1,2",
    "SYNC_EDIT_DELAYS": "0.1,0.1",
}

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path / "frozen", **QUICK) as installation:
        yield installation.start()


@pytest.fixture
def acme(running: Installation) -> Iterator[Acme]:
    with beside(running) as acme:
        acme.connect()
        acme.map_to("PLAT")
        yield acme


def test_a_worker_that_wakes_after_its_lease_sends_nothing(
    running: Installation, acme: Acme
) -> None:
    _commit_items(acme)
    eventually(_all_synced)
    # Long enough that all have arrived before the first is answered.
    acme.jira.control.fault("latency", "edit", min_ms=1_000, max_ms=1_100)
    sleepers = _frozen_at_work(running, acme)
    eventually(_all_synced)
    _edit_all("Edited again")
    eventually(_all_synced)
    before = acme.jira.control.counters()["total"]

    for sleeper in sleepers:
        sleeper.resume()
    eventually(lambda: not _jobs_under_way(running))  # the process stays, and takes other jobs

    assert acme.jira.control.counters()["total"] == before
    assert _all_synced()
    titles = {issue["fields"]["summary"] for issue in acme.issues()}
    assert titles == {f"Edited again {number}" for number in range(ITEMS)}


def _jobs_under_way(installation: Installation) -> int:
    socket = installation.instance.resolve() / "redis.sock"
    with Redis.from_url(f"unix://{socket}") as redis:
        return sum(StartedJobRegistry(name, connection=redis).count for name in QUEUE_NAMES)


def _commit_items(acme: Acme) -> None:
    team = acme.retrospective.team
    retrospective = Retrospective(
        team=team, title="Frozen", phase=Phase.DISCUSS, held_on=utcnow().date()
    )
    retrospective.action_items = [ActionItem(title=f"Item {number}") for number in range(ITEMS)]
    db.session.add(retrospective)
    db.session.commit()
    phases.move_phase(retrospective, shown=Phase.DISCUSS, to=Phase.COMMIT)
    db.session.commit()


def _edit_all(title: str) -> None:
    items = db.session.scalars(select(ActionItem).join(IssueLink).order_by(ActionItem.id))
    for number, item in enumerate(items.all()):
        item.title = f"{title} {number}"
        outbound_links.item_edited(item)
    db.session.commit()


def _frozen_at_work(running: Installation, acme: Acme) -> list[psutil.Process]:
    """At the first edits, or at later ones where these were over before anybody looked."""
    caught: list[psutil.Process] = []
    edits = count(1)

    def catch() -> bool:
        if _all_synced():
            _edit_all(f"Edited {next(edits)} times")
        for name in ("worker 1", "worker 2"):
            control = acme.jira.control
            horses, sent = frozen_with_requests_in_flight(running, control, name, "edit")
            # All have arrived: what is already on its way to Jira nobody can call back.
            if len(sent) == IN_FLIGHT and _nobody_writes(running):
                caught.extend(horses)
                return True
            for horse in horses:
                horse.resume()
        return False

    eventually(catch)
    return caught


def _nobody_writes(running: Installation) -> bool:
    """SQLite has one write lock: who is frozen with it stops everybody, and proves nothing."""
    with closing(sqlite3.connect(running.instance / "unpack.db", timeout=0.2)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


def _all_synced() -> bool:
    db.session.rollback()
    links = list(db.session.scalars(select(IssueLink)))
    states = {link.state for link in links}
    db.session.rollback()
    return len(links) == ITEMS and states == {LinkState.SYNCED}
