"""Words that never end, on the narrowest screen: no page scrolls sideways."""

from typing import TYPE_CHECKING

import pytest

from app.extensions import db
from app.models import LinkState, Outcome, Phase, ProjectMapping
from tests.support.acme import acme, connect_and_choose, items, link, person, sprint_14, team
from tests.support.sync_entries import attempt, entry, failed, synced

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORD = "Donaudampfschifffahrtsgesellschaft" * 8
SETTINGS = "/organizations/acme/settings"
JIRA = f"{SETTINGS}/integrations/jira"
PAGES = [
    "/organizations/acme",
    "/organizations/acme/action-items?state=all",
    "/organizations/acme/retrospectives/new",
    "/organizations/acme/teams/{team}",
    "/retrospectives/{retrospective}",
    "/retrospectives/{retrospective}/commit",
    "/retrospectives/{retrospective}/action-items/new",
    "/action-items/1",
    "/action-items/1/edit",
    "/action-items/1/deletion",
    f"{SETTINGS}/members",
    f"{SETTINGS}/members/{{membership}}/removal",
    f"{SETTINGS}/members/{{admin}}/ownership",
    f"{SETTINGS}/teams",
    f"{SETTINGS}/teams/{{team}}",
    f"{SETTINGS}/plan",
    f"{SETTINGS}/integrations",
    JIRA,
    f"{JIRA}/disconnection",
    f"{JIRA}/people",
    f"{JIRA}/people/{{membership}}/account",
    f"{JIRA}/backfill",
    f"{JIRA}/sync-log",
    f"{JIRA}/sync-log?shown=failed",
    f"{JIRA}/sync-log/retries/new",
    "/account",
]
WIDER = """
    () => {
        const wide = [...document.querySelectorAll("main *, header *")].filter((each) => {
            const box = each.getBoundingClientRect();
            return box.width && box.right > innerWidth + 1 && !each.closest(".sr, svg, [popover]");
        });
        const scrolls = document.documentElement.scrollWidth > innerWidth;
        return scrolls ? wide.slice(-2).map((each) => each.outerHTML.slice(0, 130)) : [];
    }
"""


@pytest.fixture
def long_words(app, sample) -> None:
    """Everything that people may call something is called by one long word."""
    connection = connect_and_choose()
    connection.account_name = connection.site_name = WORD[:250]
    connection.site_url = f"https://{WORD[:60].lower()}.atlassian.net"
    mapping = db.session.query(ProjectMapping).one()
    mapping.project_name, mapping.issue_type_name = WORD[:250], WORD[:250]
    mapping.project_key = "ABCDEFGHIJ"
    acme().name, team().name = WORD[:120], WORD[:120]
    for name in ("Maya", "Tom", "Fatima", "Adam", "Owen"):
        person(name).name = f"{name}{WORD}"[:120]
    sprint_14().title = WORD[:200]
    first, second, third, fourth, fifth = items()
    for item in items():
        item.title, item.description = WORD[:250], WORD
    synced(first, key="ABCDEFGHIJ-123456789")
    attempt(failed(second, WORD), Outcome.REFUSED, status=403, trace=WORD[:100], message=WORD)
    attempt(failed(third, WORD), Outcome.REFUSED, status=403, message=WORD)
    entry(link(fourth, LinkState.SYNCING, key=None))
    db.session.commit()


@pytest.mark.parametrize("phase", [Phase.DISCUSS, Phase.COMMIT])
def test_no_page_scrolls_sideways(app, long_words, address, new_page, phase, screenshot):
    retrospective = items()[0].retrospective
    retrospective.phase = phase
    places = {
        "retrospective": retrospective.id,
        "team": team(WORD[:120]).id,
        "membership": person("Maya").memberships[0].id,
        "admin": person("Adam").memberships[0].id,
    }
    db.session.commit()
    page: Page = new_page(viewport={"width": 320, "height": 640})
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="Sign in as owner@acme.test").click()
    page.wait_for_url("**/organizations/**")

    wide = {}
    for path in PAGES:
        answer = page.goto(address + path.format(**places))
        assert answer
        assert answer.status == 200, path
        screenshot(page, f"{phase.value}{path.replace('/', '-')}")
        if found := page.evaluate(WIDER):
            wide[path] = found

    assert wide == {}
