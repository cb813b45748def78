"""Two people in one retrospective: each sees what the other does, and loses nothing."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.extensions import db
from app.models import Phase
from tests.support.acme import connect_and_choose, sprint_14
from tests.web.action_items.panel import CANARY, choose

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def maya(opened, address, new_page) -> "Page":
    """A member at the page of the retrospective, which stands in Discuss."""
    connect_and_choose()
    path = f"/retrospectives/{sprint_14(Phase.DISCUSS).id}"
    db.session.commit()
    page = new_page(viewport={"width": 390, "height": 600})
    page.goto(f"{address}/sign-in?next={path}")
    page.get_by_role("button", name="Sign in as member1@acme.test").click()
    page.get_by_role("heading", name="Sprint 14 Retro").wait_for()
    page.wait_for_load_state()
    return page


def expect_phase(page: "Page", phase: str) -> None:
    expect(page.locator(".phases [aria-current=step]")).to_have_text(phase, timeout=12_000)


def test_a_member_sees_items_appear_and_the_phase_move_there_and_back(maya, opened, screenshot):
    facilitator = opened(Phase.DISCUSS)
    facilitator.get_by_role("link", name="Add action item").click()
    facilitator.get_by_label("Title").fill("Buy cake")
    facilitator.get_by_label("Title").press("Enter")

    maya.get_by_role("link", name="Buy cake").wait_for()
    facilitator.get_by_role("link", name="Done", exact=True).click()
    facilitator.reload()
    facilitator.get_by_role("link", name="Continue to Commit").click()
    facilitator.get_by_role("button", name="Commit").click()

    expect_phase(maya, "Commit")
    maya.get_by_text("6 on the way").wait_for()
    screenshot(maya, "member-after-commit")
    facilitator.get_by_role("button", name="Back to Discuss").click()
    expect_phase(maya, "Discuss")
    assert maya.locator("#announcer").text_content() == "Now in Discuss"


def test_what_somebody_is_writing_outlives_the_move_to_commit(maya):
    maya.get_by_role("link", name="Add action item").click()
    maya.get_by_label("Title").fill("Buy cakes")
    maya.evaluate("document.activeElement.setSelectionRange(3, 3); scrollTo(0, 400)")
    scrolled = maya.evaluate("scrollY")

    sprint_14(Phase.COMMIT)
    db.session.commit()

    expect_phase(maya, "Commit")
    maya.keyboard.type(" two")
    assert maya.get_by_label("Title").input_value() == "Buy two cakes"
    assert maya.evaluate("scrollY") == scrolled
    maya.get_by_label("Title").press("Enter")
    maya.get_by_role("link", name="Buy two cakes").wait_for()


def test_an_item_that_is_being_edited_outlives_the_move_to_commit(opened):
    connect_and_choose()
    page = opened(Phase.DISCUSS)
    choose(page, CANARY, "Edit")
    page.get_by_label("Title").fill("Half a tho")

    sprint_14(Phase.COMMIT)
    db.session.commit()

    expect_phase(page, "Commit")
    assert page.get_by_label("Title").input_value() == "Half a tho"
    assert page.evaluate("document.activeElement.name") == "title"


def test_nobody_asks_from_a_tab_that_nobody_sees(maya):
    maya.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    asked: list[str] = []
    maya.on("request", lambda request: asked.append(request.url))
    maya.wait_for_timeout(6_000)
    assert asked == []

    maya.evaluate("delete document.hidden")
    with maya.expect_request("**/panel?*"):
        maya.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_time_to_undo_is_not_cut_short_by_what_others_do(maya, sample):
    maya.get_by_role("checkbox", name=f"Complete: {CANARY}").click()
    maya.get_by_role("button", name="Undo").wait_for()

    sprint_14(Phase.COMMIT)
    db.session.commit()
    maya.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # looks at once

    expect_phase(maya, "Commit")
    assert maya.get_by_role("button", name="Undo").is_visible()
