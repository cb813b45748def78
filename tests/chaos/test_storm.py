"""Many organizations commit while Jira misbehaves and workers die: one issue per action item.

Small by default; `make chaos` runs it large (CHAOS_ORGANIZATIONS, CHAOS_ITEMS, CHAOS_KILLS).
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from redis import Redis
from sqlalchemy import func, select

from app.extensions import db
from app.models import (
    ActionItem,
    CheckState,
    ConnectionState,
    IssueLink,
    JiraConnection,
    LinkState,
    Organization,
    Phase,
    Plan,
    ProjectMapping,
    Retrospective,
    Team,
    utcnow,
)
from app.services import issue_links, retrospectives, tokens
from demo.jira_cloud.catalog import PROJECTS, issue_types
from demo.jira_cloud.people_data import by_email
from tests.support.beside import beside
from tests.support.connected import ENG_CLOUD, SERVICE, Acme
from tests.support.installation import Installation, installed

ORGANIZATIONS = int(os.environ.get("CHAOS_ORGANIZATIONS", "4"))
ITEMS = int(os.environ.get("CHAOS_ITEMS", "15"))
KILLS = int(os.environ.get("CHAOS_KILLS", "3"))
SECONDS = 30 + ORGANIZATIONS * ITEMS * 0.5
WORKERS = ("worker 1", "worker 2")
QUICK = {
    "SYNC_LEASE": "4",
    "JIRA_TIMEOUT": "1.5",
    "SYNC_PROBE_DELAYS": "3,3",
    "SYNC_RETRY_DELAYS": "0.5,1,2",
    "SYNC_EDIT_DELAYS": "0.5,2",
}
STORM = [
    ("latency", "*", {"min_ms": 50, "max_ms": 300}),
    ("error", "create*", {"probability": 0.05}),
    ("drop_after", "create*", {"probability": 0.05}),
    ("rate_limit", "create*", {"probability": 0.03, "retry_after": 1}),
]

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(int(SECONDS * 3) + 120)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Installation]:
    with installed(tmp_path / "storm", **QUICK) as installation:
        yield installation.start()


@pytest.fixture
def acme(running: Installation) -> Iterator[Acme]:
    with beside(running) as acme:
        yield acme


def test_every_item_has_its_own_issue_after_the_storm(running: Installation, acme: Acme) -> None:
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    retros = [_organization(acme, number) for number in range(ORGANIZATIONS)]
    acme.jira.control.set(limits=False, search_lag=2.0)
    for kind, operation, rule in STORM:
        acme.jira.control.fault(kind, operation, **rule)
    for retrospective in retros:
        retrospectives.move_phase(retrospective, shown=Phase.DISCUSS, to=Phase.COMMIT)
        db.session.commit()

    kills = _break_things(running, acme, dice)
    injected = acme.jira.control.counters()
    acme.jira.control.calm()
    acme.jira.control.set(limits=False)
    _settle(acme)

    states = _states()
    print(f"seed {seed}, kills in flight {kills}, requests {injected}, states {states}")
    assert kills >= KILLS
    assert states == {LinkState.SYNCED: ORGANIZATIONS * ITEMS}
    _each_item_equals_its_issue(acme)


def _organization(acme: Acme, number: int) -> Retrospective:
    organization = Organization(slug=f"storm-{number}", name=f"Storm {number}", plan=Plan.PRO)
    team = Team(organization=organization, name="Team")
    retrospective = Retrospective(
        team=team, title=f"Storm {number}", phase=Phase.DISCUSS, held_on=utcnow().date()
    )
    db.session.add_all(
        ActionItem(retrospective=retrospective, title=f"Storm {number}, item {item}")
        for item in range(ITEMS)
    )
    db.session.flush()
    grant = acme.jira.control.issue_tokens(SERVICE)
    db.session.add(_connection(acme, organization, grant))
    db.session.add(_mapping(organization, PROJECTS["acme-eng"][number % 2]))
    db.session.commit()
    return retrospective


def _connection(acme: Acme, organization: Organization, grant: dict[str, str]) -> JiraConnection:
    return JiraConnection(
        organization=organization,
        state=ConnectionState.CONNECTED,
        generation=1,
        cloud_id=ENG_CLOUD,
        site_url=acme.jira.url,
        site_name="Acme Engineering",
        account_id=by_email(SERVICE).id,
        connected_at=utcnow(),
        access_token=tokens.encrypt(grant["access_token"]),
        refresh_token=tokens.encrypt(grant["refresh_token"]),
        access_expires_at=utcnow() + timedelta(hours=1),
    )


def _mapping(organization: Organization, project) -> ProjectMapping:
    kind = issue_types("acme-eng")["Task"]
    return ProjectMapping(
        organization_id=organization.id,
        cloud_id=ENG_CLOUD,
        project_id=project.id,
        project_key=project.key,
        project_name=project.name,
        issue_type_id=kind.id,
        issue_type_name=kind.name,
        check_state=CheckState.READY,
    )


def _break_things(running: Installation, acme: Acme, dice: random.Random) -> int:
    """Kill busy workers, empty Redis twice and edit items, until everything went out once."""
    redis = Redis.from_url(f"unix://{running.instance.resolve() / 'redis.sock'}")
    kills, rounds, deadline = 0, 0, time.monotonic() + SECONDS
    while time.monotonic() < deadline and (kills < KILLS or _moving()):
        rounds += 1
        time.sleep(dice.uniform(0.1, 0.5))
        kills += _kill_busy(running, acme, dice) if kills < KILLS else 0
        if rounds in {4, 12}:
            redis.flushall()
        _edit_one(dice)
    return kills


def _kill_busy(running: Installation, acme: Acme, dice: random.Random) -> int:
    name = dice.choice(WORKERS)
    try:
        children = psutil.Process(running.pid(name)).children(recursive=True)
        if not children or not acme.jira.control.counters()["in_flight"]:
            return 0
        running.kill(name)
    except psutil.Error:
        return 0  # it was just being started again
    return 1


def _edit_one(dice: random.Random) -> None:
    ids = list(db.session.scalars(select(ActionItem.id).where(ActionItem.title.like("Storm%"))))
    item = db.session.get_one(ActionItem, dice.choice(ids))
    item.title = f"{item.title.split(' (')[0]} ({dice.randrange(1000)})"
    issue_links.item_edited(item)
    db.session.commit()


def _moving() -> int:
    db.session.rollback()
    settled = IssueLink.state.in_([LinkState.SYNCED, LinkState.ERROR])
    moving = db.session.scalar(select(func.count()).select_from(IssueLink).where(~settled))
    db.session.rollback()
    return moving or 0


def _settle(acme: Acme) -> None:
    """Press Retry for everything that failed, as often as somebody would, and wait."""
    deadline = time.monotonic() + SECONDS + 60
    while time.monotonic() < deadline:
        failed = db.session.scalars(select(IssueLink).filter_by(state=LinkState.ERROR)).all()
        for link in failed:
            issue_links.request_sync(link.action_item)
        db.session.commit()
        if not failed and not _moving():
            return
        time.sleep(1)


def _states() -> dict[LinkState, int]:
    db.session.rollback()
    return dict(Counter(link.state for link in db.session.scalars(select(IssueLink))))


def _each_item_equals_its_issue(acme: Acme) -> None:
    issues = {issue["id"]: issue for issue in acme.issues()}
    links = list(db.session.scalars(select(IssueLink)))
    assert len(issues) == ORGANIZATIONS * ITEMS
    assert {link.issue_id for link in links} == set(issues)
    for link in links:
        issue = issues[link.issue_id]
        assert issue["properties"]["unpack.action-item"]["link"] == link.public_id
        assert issue["fields"]["summary"] == link.action_item.title
