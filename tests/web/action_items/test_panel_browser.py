"""The panel at work, by keyboard, by pointer and without script."""

import pytest
from playwright.sync_api import expect

from app.models import LinkState, Phase
from tests.support.acme import connect_and_choose, items, link
from tests.web.action_items.panel import CANARY, choose, settle


def test_editing_by_keyboard(opened):
    page = opened()
    choose(page, CANARY, "Edit")
    page.wait_for_function("title => getSelection().toString() === title", arg=CANARY)

    page.keyboard.type("Canaries first")
    page.keyboard.press("Enter")

    page.locator("#m-1-button:focus").wait_for()
    assert page.get_by_role("link", name="Canaries first").is_visible()


def test_escape_leaves_the_form_as_it_was(opened):
    page = opened()
    choose(page, CANARY, "Edit")
    page.get_by_label("Title").fill("Something else")
    page.keyboard.press("Escape")

    page.locator("#m-1-button:focus").wait_for()
    assert page.get_by_role("link", name=CANARY).is_visible()


def test_adding_an_item_and_correcting_it_first(opened):
    page = opened()
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").fill("   ")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("An action item needs a title.").wait_for()
    page.locator("input[name=title]:focus").wait_for()

    page.keyboard.type("Buy cake")
    page.keyboard.press("Enter")

    page.get_by_role("link", name="Buy cake").wait_for()
    assert page.locator(".item").count() == 6


def test_the_form_stays_for_the_next_item(opened):
    page = opened(viewport={"width": 390, "height": 600})
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").fill("Buy cake")
    page.get_by_label("Description").fill("With candles")
    page.get_by_label("Assignee").select_option("Maya Lindqvist")
    page.get_by_label("Due date").fill("2026-11-30")
    page.get_by_label("Title").press("Enter")

    page.get_by_role("link", name="Buy cake").wait_for()
    page.locator("input[name=title]:focus").wait_for()
    typed = page.locator(".item-form").evaluate(
        "form => [...form.elements].filter((e) => e.type !== 'hidden' && e.type !== 'radio')"
        ".map((e) => e.value).join('')"
    )
    assert typed == ""
    expect(page.get_by_role("link", name="Buy cake")).to_be_in_viewport()

    page.keyboard.type("Buy candles")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Buy candles").wait_for()
    assert page.locator(".item").count() == 7
    page.get_by_role("link", name="Done", exact=True).click()
    page.locator("#add-item:focus").wait_for()


WHERE_IT_IS_WHEN_THE_FORM_APPEARS = """
    () => new Promise((answer) => {
        new MutationObserver((changes, observer) => {
            if (!document.querySelector("input[name=title]")) return;
            observer.disconnect();
            answer(document.activeElement.name);
        }).observe(document.body, {childList: true, subtree: true});
        document.getElementById("add-item").click();
    })
"""


def test_a_form_has_the_focus_as_soon_as_it_appears(opened):
    """Else what is typed meanwhile, or Escape, is lost."""
    assert opened().evaluate(WHERE_IT_IS_WHEN_THE_FORM_APPEARS) == "title"


def test_cancelling_a_new_item_gives_the_focus_back(opened):
    page = opened()
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").wait_for()
    page.keyboard.press("Escape")

    page.locator("#add-item:focus").wait_for()


def test_deleting_asks_first_and_moves_the_focus_on(opened):
    page = opened()
    choose(page, CANARY, "Delete…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete action item").click()

    page.get_by_role("link", name=CANARY).wait_for(state="detached")
    assert not dialog.is_visible()
    assert page.locator(".item").count() == 4
    page.locator("#m-2-button:focus").wait_for()


def test_completing_can_be_undone(opened):
    page = opened()
    box = page.get_by_role("checkbox", name=f"Complete: {CANARY}")
    box.click()
    page.get_by_role("button", name="Undo").wait_for()
    assert box.is_checked()

    page.get_by_role("button", name="Undo").click()

    page.get_by_role("button", name="Undo").wait_for(state="detached")
    assert not box.is_checked()


def test_sync_to_jira_from_the_row_starts_the_polling(opened):
    connect_and_choose()
    page = opened(Phase.COMMIT)
    assert page.locator("#panel-head[hx-get]").count() == 0

    page.get_by_role("button", name="Sync to Jira").first.click()
    page.get_by_text("1 on the way, 4 need you.").wait_for()
    settle(items()[0])

    page.get_by_role("link", name="PLAT-142").wait_for()


def test_everything_works_without_script(opened):
    page = opened(java_script_enabled=False)
    page.get_by_role("checkbox", name=f"Complete: {CANARY}").click()
    assert page.get_by_role("checkbox", name=f"Complete: {CANARY}").is_checked()

    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").fill("Buy cake")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Buy cake").click()

    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Title").fill("Buy two cakes")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Buy two cakes").click()
    page.get_by_role("link", name="Delete…").click()
    page.get_by_role("button", name="Delete action item").click()
    assert page.get_by_text("Deleted: Buy two cakes").is_visible()


@pytest.mark.parametrize(
    "options",
    [{}, {"viewport": {"width": 390, "height": 800}}, {"color_scheme": "dark"}],
    ids=["wide", "narrow", "dark"],
)
def test_the_page_fits_its_window(opened, screenshot, options):
    connect_and_choose()
    first, second, third, fourth, _ = items()
    link(first)
    link(second, LinkState.ERROR, key=None, failure_message="Nope " * 60)
    link(third, LinkState.SYNCING, key=None)
    fourth.title = "Wörd" * 60
    page = opened(Phase.COMMIT, **options)

    screenshot(page, "-".join(["panel", *map(str, options)]))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
