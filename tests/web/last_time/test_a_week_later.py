"""Two retrospectives a week apart, in the browser: by mouse, by keyboard alone, without scripts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app import clock
from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, JiraSettings, Phase, WorkKind
from app.services.outbound import links
from tests.support import factories, keyboard
from tests.support.acme import person
from tests.support.carried import next_one
from tests.support.later import LaterClock
from tests.support.main_path import sign_in
from tests.support.settings import NO_DELAYS
from tests.web.last_time.section import FATIMA

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.browser]


class Hand:
    """Somebody with a mouse; `keys`: with a keyboard alone."""

    def __init__(self, page: "Page", *, keys: bool = False) -> None:
        self.page, self.keys = page, keys

    def act(self, on: "Locator") -> None:
        if not self.keys:
            on.click()
            return
        keyboard.go_to(self.page, on)
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        self.act(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str) -> None:
        self.act(self.page.get_by_role("link", name=name, exact=True))

    def tick(self, title: str) -> None:
        part = self.page.locator("#last-time")
        self.act(part.get_by_role("checkbox", name=f"Complete: {title}"))


@pytest.fixture
def five(acme, drain) -> list[ActionItem]:
    """Sprint 14 is committed, and its five action items have issues."""
    acme.retrospective.phase = Phase.COMMIT
    acme.retrospective.committed_at = utcnow()
    for item in acme.items:
        item.due_on = None
    acme.items[3].due_on = (utcnow() + timedelta(days=2)).date()
    acme.commit_items()
    drain()
    return acme.items


@pytest.fixture
def a_week_later(five) -> Iterator[None]:
    with clock.use(LaterClock(timedelta(days=7))):
        yield


@pytest.fixture
def meanwhile(acme, five, a_week_later, drain) -> list[str]:
    """Of the five, one was done in Jira, one begun and one deleted; one is overdue by now."""
    done, doing, untouched, overdue, gone = five
    key = {item.id: links.active_link(item).issue_key for item in five}
    jira = acme.jira.control
    jira.transition_issue(key[done.id], "Done")
    jira.transition_issue(key[doing.id], "In Progress")
    jira.delete_issue(key[gone.id])
    db.session.add(JiraSettings(organization=acme.organization, webhooks_enabled=True))
    acme.connection.works[WorkKind.READING].due_at = utcnow()
    drain()
    return [done.title, doing.title, untouched.title, overdue.title, gone.title]


@pytest.mark.parametrize("how", ["mouse", "keyboard", "without script"])
def test_a_team_goes_through_what_it_decided_and_commits_what_is_new(
    acme, meanwhile, new_page, address, drain, how
):
    done, doing, untouched, overdue, gone = meanwhile
    later = next_one(Phase.DISCUSS)
    factories.action_item(later, "Show the error budget", assignee=person("Fatima"))
    path = f"/retrospectives/{later.id}"
    db.session.commit()
    acme.jira.control.clear_requests()
    page = new_page(java_script_enabled=how != "without script")
    sign_in(page, address, FATIMA)
    page.goto(f"{address}{path}")
    hand = Hand(page, keys=how == "keyboard")
    if how == "without script":
        hand.press("Ask Jira what became of them")
    section = page.locator("#last-time")
    section.get_by_text("Jira as of").wait_for()

    def row(title: str) -> "Locator":
        return section.locator("li.item", has_text=title)

    assert section.get_by_role("listitem").count() == 5
    row(overdue).get_by_text("Was due").wait_for()
    row(untouched).get_by_text("Untouched for 7 days").wait_for()
    row(gone).get_by_text("Deleted in Jira").wait_for()
    row(doing).get_by_text("In Progress").wait_for()
    row(done).get_by_text("Completed in Jira by").wait_for()

    for title in (untouched, overdue):
        hand.press(f"Carry over {title}")
        page.locator("#panel").get_by_text(title).wait_for()
    hand.tick(doing)
    row(doing).get_by_text("Completed here by Fatima").wait_for()
    hand.follow(f"Drop… {gone}")
    page.get_by_role("heading", name="Drop this action item?").wait_for()
    if how == "keyboard":
        keyboard.fill(page, "Why (optional)", "The template does it")
    else:
        page.get_by_label("Why (optional)").fill("The template does it")
    hand.press("Drop action item")
    row(gone).get_by_text("Why: “The template does it”").wait_for()
    section.get_by_text("2 carried over, 1 dropped, 2 done since").wait_for()

    hand.follow("Continue to Commit")
    page.get_by_text("1 action item becomes 1 Task in PLAT · Platform Engineering").wait_for()
    page.get_by_text("2 have their issues already").wait_for()
    hand.press("Commit 1 action item")
    page.locator("#panel").wait_for()
    assert page.locator("#last-time li").count() == 0
    assert page.locator("#panel .item").count() == 3
    page.close()  # it would ask on while the server goes
    drain()

    titles = sorted(issue["fields"]["summary"] for issue in acme.issues())
    assert titles == sorted([done, doing, untouched, overdue, "Show the error budget"])
    creates = [each for each in acme.jira.control.requests() if "create" in each["operation"]]
    assert len(creates) == 1
