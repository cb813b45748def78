"""Many organizations commit while Jira misbehaves and workers die: one issue per action item.

Small by default; `make chaos` runs it large.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from app.extensions import db
from app.models import IssueLink, Organization
from tests.chaos import organizations, storm
from tests.chaos.breaking import database
from tests.chaos.storm import ITEMS, KILLS, ORGANIZATIONS, SECONDS, Storm
from tests.support.beside import beside
from tests.support.installation import Installation, installed
from tests.support.people import PASSWORD

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(int(SECONDS) + 180)]


@pytest.fixture
def raging(database_kind: str, tmp_path: Path) -> Iterator[Storm]:
    with database(database_kind) as server:
        settings = storm.QUICK | ({"DATABASE_URL": server.url} if server else {})
        with installed(tmp_path / "storm", **settings) as running:
            running.start()
            with beside(running) as acme:
                yield Storm(running, acme, server)


@pytest.mark.both_databases
def test_every_item_has_its_own_issue_after_the_storm(raging: Storm, database_kind: str) -> None:
    control = raging.acme.jira.control
    retros = raging.arrange()
    raging.break_out()
    try:
        raging.rage(retros)
    finally:
        _report(f"storm on {database_kind}", raging, control.counters()["by_fault"])
    control.calm()
    control.set(limits=False)

    retried = _retry_all_failed(raging)

    issues = control.issues()
    links = list(db.session.scalars(select(IssueLink)))
    wrong = organizations.differences(issues, links)
    took = time.monotonic() - raging.began
    print(
        f"  after Retry all failed for {retried}: {len(issues)} issues, links {storm.states()},"
        f" {len(wrong)} differences, {took:.0f} s in all"
    )
    assert wrong == []
    assert len(issues) == len(links) == ORGANIZATIONS * ITEMS
    assert storm.states() == {"synced": ORGANIZATIONS * ITEMS}
    assert len(raging.killed) >= KILLS


def _report(title: str, raging: Storm, faults: dict[str, int]) -> None:
    sizes = f"{ORGANIZATIONS} organizations with {ITEMS} items each, {storm.WORKERS} workers"
    answers = ", ".join(f"{what}: {count}" for what, count in sorted(faults.items()))
    print(f"\n{title}, seed {storm.SEED}: {sizes}")
    print(f"  we broke: {raging.told()}")
    print(f"  Jira broke: {answers}; searches lag {storm.LAG} s and forget for {storm.GAP} s")
    print(f"  the log says: {storm.outcomes()}")
    print(f"  before Retry: links {storm.states()}")


def _retry_all_failed(raging: Storm) -> str:
    """Press *Retry all failed* in every organization, as its admin, until nothing has failed."""
    browser = _signed_in(raging.running)
    slugs = list(db.session.scalars(select(Organization.slug).filter(_of_the_storm())))
    db.session.rollback()
    pressed = 0
    failed = first = storm.states().get("error", 0)
    while failed:
        raging.check_time("Retry all failed")
        for slug in slugs:
            pressed += _press(browser, raging.running, slug)
        raging.settle()
        failed = storm.states().get("error", 0)
    return f"{first} action items ({pressed} times pressed)"


def _of_the_storm():
    return Organization.slug.like("storm-%")


def _signed_in(running: Installation) -> requests.Session:
    browser = requests.Session()
    form = {"email": organizations.ADMIN, "password": PASSWORD}
    answer = _submit(browser, f"{running.url}/sign-in", f"{running.url}/sign-in", form)
    assert answer.status_code == 200
    return browser


def _press(browser: requests.Session, running: Installation, slug: str) -> int:
    """Through the page that asks for a confirmation; 0 where it says that nothing has failed."""
    log = f"{running.url}/organizations/{slug}/settings/integrations/jira/sync-log"
    asked = browser.get(f"{log}/retries/new", timeout=30)
    if asked.url != f"{log}/retries/new":
        return 0
    answer = _submit(browser, f"{log}/retries/new", f"{log}/retries", {})
    assert "tried again" in answer.text
    return 1


def _submit(
    browser: requests.Session, page: str, action: str, fields: dict[str, str]
) -> requests.Response:
    token = TOKEN.search(browser.get(page, timeout=30).text)
    assert token, f"no form at {page}"
    return browser.post(action, fields | {"csrf_token": token[1]}, timeout=30)
