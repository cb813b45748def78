"""Where the focus is after a button of the panel was pressed, and what the page is called then."""

from app.models import LinkState, Phase
from tests.support.acme import connect_and_choose, items, link
from tests.web.action_items.panel import CANARY, choose, menu_of


def test_the_page_keeps_its_title_when_a_dialog_was_open(opened):
    page = opened()
    title = page.title()

    choose(page, CANARY, "Delete…")
    page.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    page.get_by_role("dialog").wait_for(state="hidden")

    assert page.title() == title == "Sprint 14 Retro · Unpack"


def test_enter_in_a_dialog_that_has_just_opened_deletes_nothing(opened):
    page = opened()
    choose(page, CANARY, "Delete…")
    page.get_by_role("dialog").wait_for()

    page.keyboard.press("Enter")

    page.get_by_role("dialog").wait_for(state="hidden")
    assert page.get_by_role("link", name=CANARY).is_visible()
    assert page.locator(".item").count() == 5


def test_undo_gives_the_focus_to_the_checkbox(opened):
    page = opened()
    page.get_by_role("checkbox", name=f"Complete: {CANARY}").press("Space")
    page.get_by_role("button", name="Undo").press("Enter")

    page.get_by_role("button", name="Undo").wait_for(state="detached")
    page.locator("#item-1-check:focus").wait_for()


def test_sync_to_jira_gives_the_focus_to_the_rows_menu(opened):
    connect_and_choose()
    page = opened(Phase.COMMIT)

    page.get_by_role("button", name="Sync to Jira").first.press("Enter")

    page.get_by_text("1 on the way").wait_for()
    page.locator("#m-1-button:focus").wait_for()


def test_sync_to_jira_from_the_menu_gives_the_focus_back_to_it(opened):
    connect_and_choose()
    page = opened(Phase.COMMIT)
    menu_of(page, CANARY).press("Enter")
    menu = page.locator(".menu:popover-open")

    menu.get_by_role("button", name="Sync to Jira").press("Enter")

    page.get_by_text("1 on the way").wait_for()
    page.locator("#m-1-button:focus").wait_for()


def test_create_again_gives_the_focus_to_the_rows_menu(opened):
    connect_and_choose()
    link(items()[0], LinkState.DELETED)
    page = opened(Phase.COMMIT)

    page.get_by_role("button", name="Create again").press("Enter")

    page.get_by_text("1 on the way").wait_for()
    page.locator("#m-1-button:focus").wait_for()
