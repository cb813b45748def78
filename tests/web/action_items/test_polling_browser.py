"""The panel while it polls: nothing that somebody is at is lost."""

from app.models import LinkState, Phase
from tests.support.acme import connect_and_choose, items, link
from tests.web.action_items.panel import CANARY, choose, menu_of, settle

ROTATE = "Rotate the on-call schedule every two weeks"


def test_keys_appear_while_another_item_is_being_edited(opened):
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    page = opened(Phase.COMMIT)
    choose(page, ROTATE, "Edit")
    page.get_by_label("Title").fill("Half a tho")

    settle(items()[0])

    page.get_by_role("link", name="PLAT-142").wait_for()
    assert page.get_by_label("Title").input_value() == "Half a tho"
    assert page.evaluate("document.activeElement.name") == "title"
    assert page.locator("#announcer").text_content() in {"", "PLAT-142 created"}


def test_the_caret_stays_where_somebody_types_during_a_poll(opened):
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    page = opened(Phase.COMMIT)
    choose(page, ROTATE, "Edit")
    page.get_by_label("Description").fill("Every weeks")
    page.evaluate("document.activeElement.setSelectionRange(6, 6)")
    page.keyboard.type("two ")

    settle(items()[0])
    page.get_by_role("link", name="PLAT-142").wait_for()
    page.keyboard.type("full ")

    assert page.get_by_label("Description").input_value() == "Every two full weeks"


def test_what_a_poll_changes_stays_the_same_element(opened):
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    page = opened(Phase.COMMIT)
    menu_of(page, CANARY).focus()
    page.evaluate("window.before = document.activeElement")

    settle(items()[0])
    page.get_by_role("link", name="PLAT-142").wait_for()

    assert page.evaluate("document.activeElement === window.before")
    menu_of(page, CANARY).press("Enter")
    assert page.get_by_role("link", name="Open in Jira").is_visible()


def test_a_question_in_a_dialog_outlives_a_poll(opened):
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    page = opened(Phase.COMMIT)
    choose(page, ROTATE, "Delete…")
    page.get_by_role("dialog").get_by_role("button", name="Delete action item").wait_for()

    settle(items()[0])
    page.get_by_text("1 in Jira").wait_for()

    page.get_by_role("dialog").get_by_role("button", name="Delete action item").click()
    page.get_by_role("link", name=ROTATE).wait_for(state="detached")
    assert page.get_by_role("link", name="PLAT-142").is_visible()


def test_a_new_item_being_written_outlives_a_poll(opened):
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    page = opened(Phase.COMMIT)
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").fill("Buy cake")

    settle(items()[0])
    page.get_by_role("link", name="PLAT-142").wait_for()

    assert page.get_by_label("Title").input_value() == "Buy cake"
    page.get_by_label("Title").press("Enter")
    page.get_by_role("link", name="Buy cake").wait_for()


def test_a_finished_batch_is_said_to_screen_readers(opened):
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    page = opened(Phase.COMMIT)

    settle(items()[0])

    page.locator("#announcer", has_text="PLAT-142 created").wait_for(state="attached")
    assert page.locator("#panel-head[hx-get]").count() == 0


def test_a_row_with_an_open_menu_waits_and_catches_up(opened):
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    page = opened(Phase.COMMIT)
    menu_of(page, CANARY).click()

    settle(items()[0])
    page.get_by_text("1 in Jira").wait_for()
    assert page.locator(".menu:popover-open").is_visible()
    page.keyboard.press("Escape")

    page.get_by_role("link", name="PLAT-142").wait_for()
