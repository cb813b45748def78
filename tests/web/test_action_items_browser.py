"""The panel in a browser: what a picture cannot show, and what stays without any script."""

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.extensions import db
from app.models import LinkState, Phase
from tests.support.acme import connect_and_choose, items, link, links_of, sprint_14

if TYPE_CHECKING:
    from playwright.sync_api import Page

CANARY = "Add a canary stage to the deploy pipeline"
ROTATE = "Rotate the on-call schedule every two weeks"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The app on a port of its own, in this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def opened(sample, app: Flask, address: str, new_page) -> Callable[..., "Page"]:
    """Gives the retrospective's page as the facilitator sees it."""

    def open_page(phase: Phase = Phase.DISCUSS, **options) -> "Page":
        path = f"/retrospectives/{sprint_14(phase).id}"
        db.session.commit()
        page = new_page(**options)
        page.goto(f"{address}/sign-in?next={path}")
        page.get_by_role("textbox", name="E-mail").fill("facilitator@acme.test")
        page.get_by_label("Password").fill("unpack-demo")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("heading", name="Sprint 14 Retro").wait_for()
        page.wait_for_load_state()  # until htmx is there, a link opens a page of its own
        return page

    return open_page


def menu_of(page: "Page", title: str):
    return page.get_by_role("button", name=f"More for: {title}")


def choose(page: "Page", title: str, entry: str) -> None:
    menu_of(page, title).click()
    menu = page.locator(".menu:popover-open")
    menu.get_by_text(entry, exact=True).click()


def settle(item) -> None:
    row = links_of(item)[0]
    row.state, row.issue_key, row.issue_id = LinkState.SYNCED, "PLAT-142", "10042"
    row.site_url, row.cloud_id = "https://acme-eng.atlassian.net", "cloud-1"
    row.revision += 1
    db.session.commit()


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

    page.locator("#m-6-button:focus").wait_for()
    assert page.get_by_role("link", name="Buy cake").is_visible()
    assert page.locator(".item").count() == 6
    assert page.get_by_role("link", name="Add action item").is_visible()


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
