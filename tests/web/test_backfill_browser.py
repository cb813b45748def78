"""Sync past action items in a browser: the dialog counts along, the bar moves, nothing jumps."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.extensions import db
from app.models import FailureCode, LinkState
from tests.support.acme import connect_and_choose, items
from tests.support.backfilling import BACKFILL, JIRA, opened, past
from tests.support.sync_entries import synced

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = [(1280, "light"), (390, "dark")]


@pytest.fixture
def address(app: Flask, sample: None) -> Iterator[str]:
    """The app with past action items of two teams, on a port of its own."""
    connect_and_choose()
    synced(items()[0])
    past(14, held_on=date(2026, 3, 1))
    past(9, "Mobile", held_on=date(2026, 5, 1))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()


def open_page(page: "Page", address: str, path: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="admin@acme.test").click()
    page.goto(f"{address}{path}")
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")


def settle(done: int, failed: int = 0) -> None:
    """Let the engine have created the first `done` issues, and given up on the next `failed`."""
    links = opened(backfill_id=1)
    for number, link in enumerate(links[:done]):
        link.state, link.due_at, link.issue_id = LinkState.SYNCED, None, f"9{number}"
        link.issue_key = f"PLAT-9{number}"
    for link in links[done : done + failed]:
        link.state, link.due_at = LinkState.ERROR, None
        link.failure_code = FailureCode.MAY_NOT_CREATE
    db.session.commit()


def test_the_dialog_counts_along_and_leads_to_a_bar_that_moves(
    page: "Page", address: str, tick: Callable[[], None]
):
    open_page(page, address, f"{JIRA}/sync-log")
    page.get_by_role("link", name="Sync past action items").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Sync 23 action items").wait_for()

    platform = dialog.get_by_role("checkbox", name="Platform Platform")
    platform.focus()
    page.keyboard.press("Space")
    dialog.get_by_role("button", name="Sync 9 action items").wait_for()
    assert platform.evaluate("box => box === document.activeElement")
    page.keyboard.press("Space")
    dialog.get_by_label("Retrospectives held since").fill("2026-04-01")
    dialog.get_by_role("button", name="Sync 9 action items").click()

    bar = page.get_by_role("progressbar")
    bar.wait_for()
    assert bar.get_attribute("aria-valuetext") == "0 of 9 are in Jira, 9 to go"
    tick()
    settle(4)
    page.get_by_text("4 of 9 are in Jira, 5 to go.").wait_for()

    page.get_by_role("link", name="Stop…").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    page.get_by_text("4 of 9 are in Jira.", exact=False).first.wait_for()
    assert page.get_by_role("button", name="Sync 19 action items").is_visible()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_it_is_looked_at(new_page, address: str, tick, screenshot, width: int, scheme: str):
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    name = f"{width}-{scheme}"
    open_page(page, address, BACKFILL)
    screenshot(page, f"choosing-{name}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"{address}{JIRA}")
    screenshot(page, f"settings-{name}")
    page.goto(f"{address}{JIRA}/sync-log")
    screenshot(page, f"log-{name}")
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
    page.get_by_role("link", name="Sync past action items").click()
    page.get_by_role("button", name="Sync 23 action items").wait_for()
    screenshot(page, f"dialog-{name}")
    page.get_by_role("button", name="Sync 23 action items").click()
    page.get_by_role("progressbar").wait_for()
    tick()
    settle(8, 2)
    page.get_by_text("8 of 23 are in Jira", exact=False).first.wait_for()
    screenshot(page, f"running-{name}")
    page.goto(f"{address}{JIRA}/sync-log")
    screenshot(page, f"log-running-{name}")
    page.goto(f"{address}{JIRA}")
    screenshot(page, f"settings-running-{name}")
    page.goto(f"{address}{BACKFILL}")
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
    page.get_by_role("link", name="Stop…").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop").wait_for()
    screenshot(page, f"stopping-{name}")
    page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Sync 13 action items").wait_for()
    screenshot(page, f"stopped-{name}")
    page.get_by_role("button", name="Sync 13 action items").click()
    page.get_by_role("progressbar").wait_for()
    tick()
    for number, link in enumerate(opened(backfill_id=2)):
        link.state, link.due_at, link.issue_id = LinkState.SYNCED, None, f"8{number}"
    db.session.commit()
    tick()
    page.get_by_text("Nothing is left to sync").wait_for()
    screenshot(page, f"finished-{name}")
