"""A worker dies with creates in flight, again and again: still one issue per action item."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, IssueLink, Phase, Retrospective
from app.services.retrospectives import phases
from tests.chaos import storm
from tests.chaos.breaking import kill_with_requests_in_flight
from tests.support.beside import beside
from tests.support.connected import Acme
from tests.support.installation import Installation, eventually, installed

KILLS = max(3, storm.KILLS // 2)
QUICK = {
    "SYNC_LEASE": "3",
    "JIRA_TIMEOUT": "1",
    "SYNC_PROBE_DELAYS": "0.2,0.2",
    "SYNC_RETRY_DELAYS": "0.5,1,2",
}

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("killed")
    with installed(folder, **QUICK) as installation:
        yield installation.start()


@pytest.fixture
def acme(running: Installation) -> Iterator[Acme]:
    with beside(running) as acme:
        acme.connect()
        acme.map_to("PLAT")
        yield acme


def test_killed_workers_leave_five_issues_each_time(running: Installation, acme: Acme) -> None:
    acme.jira.control.fault("latency", "create", min_ms=500, max_ms=800)
    kills = rounds = 0
    while kills < KILLS:
        rounds += 1
        assert rounds <= 3 * KILLS, "the worker was never caught at work"
        retrospective = _new_retrospective(acme, rounds)
        _commit(retrospective)
        kills += _killed_with_creates_in_flight(running, acme, retrospective)
        eventually(lambda r=retrospective: _all_synced(r), seconds=60)
        assert len(acme.issues()) == 5 * rounds
    _each_item_has_its_own_issue(acme)


def _new_retrospective(acme: Acme, number: int) -> Retrospective:
    team = acme.retrospective.team
    retrospective = Retrospective(
        team=team, title=f"Round {number}", phase=Phase.DISCUSS, held_on=utcnow().date()
    )
    titles = [f"Round {number}, item {item}" for item in range(1, 6)]
    db.session.add_all(ActionItem(retrospective=retrospective, title=title) for title in titles)
    db.session.commit()
    return retrospective


def _commit(retrospective: Retrospective) -> None:
    phases.move_phase(retrospective, shown=Phase.DISCUSS, to=Phase.COMMIT)
    db.session.commit()


def _killed_with_creates_in_flight(
    running: Installation, acme: Acme, retrospective: Retrospective
) -> bool:
    """Kill the worker that is at it, its forked job included, while Jira has its requests.

    False when it was quicker than we were.
    """
    while not _all_synced(retrospective):
        for name in ("worker 1", "worker 2"):
            if kill_with_requests_in_flight(running, acme.jira.control, name, "create"):
                return True
        time.sleep(0.02)
    return False


def _links(retrospective: Retrospective) -> list[IssueLink]:
    db.session.rollback()
    ids = select(ActionItem.id).where(ActionItem.retrospective_id == retrospective.id)
    return list(db.session.scalars(select(IssueLink).where(IssueLink.action_item_id.in_(ids))))


def _all_synced(retrospective: Retrospective) -> bool:
    links = _links(retrospective)
    settled = all(link.state == "synced" and link.issue_id for link in links)
    db.session.rollback()
    return len(links) == 5 and settled


def _each_item_has_its_own_issue(acme: Acme) -> None:
    titles = {issue["key"]: issue["fields"]["summary"] for issue in acme.issues()}
    assert {link.issue_key for link in acme.links} == set(titles)
    assert all(titles[link.issue_key] == link.action_item.title for link in acme.links)
