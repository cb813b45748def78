"""The Sync Log in a browser: what is open stays open, what is typed stays, Retry needs no page."""

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.clock import utcnow
from app.extensions import db
from app.models import (
    EntryState,
    IssueLink,
    LinkState,
    SyncEntry,
)
from tests.support.acme import items
from tests.support.sync_entries import of_every_kind

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOG = "/organizations/acme/settings/integrations/jira/sync-log"
SIZES = [(1280, "light"), (1280, "dark"), (390, "light")]


@pytest.fixture
def address(app: Flask, sample: None) -> Iterator[str]:
    """The app with a failed, a retrying and some synced entries, on a port of its own."""
    of_every_kind()
    db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()


def open_log(page: "Page", address: str, path: str = LOG) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_role("button", name="admin@acme.test").click()
    page.goto(f"{address}{path}")
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")


def change_the_retrying_one() -> SyncEntry:
    row = db.session.query(IssueLink).filter_by(state=LinkState.RETRYING).one()
    row.state, row.issue_key = LinkState.SYNCED, "PLAT-150"
    log = row.entries[0]
    log.state, log.issue_key, log.updated_at = EntryState.SYNCED, "PLAT-150", utcnow()
    db.session.commit()
    return log


def test_an_opened_entry_and_what_is_typed_outlive_a_change(page: "Page", address: str):
    open_log(page, address)
    page.get_by_text("3 tries").click()
    page.get_by_label("Search by title or key").fill("runb")

    log = change_the_retrying_one()

    page.locator(f"#entry-{log.id} [data-state=synced]").wait_for()
    assert page.get_by_text("Waits for you. Choose Retry once it is mended.").is_visible()
    assert page.get_by_label("Search by title or key").input_value() == "runb"


def test_the_caret_stays_in_the_search_during_a_poll(page: "Page", address: str):
    open_log(page, address)
    search = page.get_by_label("Search by title or key")
    search.fill("ru")
    search.evaluate("field => field.setSelectionRange(1, 1)")

    log = change_the_retrying_one()
    page.locator(f"#entry-{log.id} [data-state=synced]").wait_for()
    page.keyboard.type("x")

    assert search.input_value() == "rxu"


def test_retry_leaves_its_line_open_and_the_focus_in_it(page: "Page", address: str):
    open_log(page, address)
    page.get_by_text("3 tries").click()

    page.get_by_role("button", name="Retry Agree on a definition of done").press("Enter")

    page.locator("#log-tabs .count").wait_for(state="detached")
    line = page.locator(".entry", has_text="Agree on a definition")
    assert line.locator("details[open]").count() == 1
    assert page.evaluate("document.activeElement.textContent") == items()[3].title


def test_retry_changes_its_line_and_every_count(page: "Page", address: str):
    open_log(page, address)
    assert page.get_by_role("link", name="Retry all failed (1)").is_visible()

    page.get_by_role("button", name="Retry Agree on a definition of done").click()

    page.locator("#log-tabs .count").wait_for(state="detached")
    assert page.url.endswith(LOG)
    assert page.get_by_role("link", name="Retry all failed (1)").count() == 0
    entry_text = page.locator(".entry", has_text="Agree on a definition").inner_text()
    assert "Waiting to sync" in entry_text


def test_retry_all_asks_in_a_dialog(page: "Page", address: str):
    open_log(page, address)

    page.get_by_role("link", name="Retry all failed (1)").click()
    page.get_by_role("dialog").get_by_role("button", name="Retry all failed (1)").click()

    page.get_by_text("1 action item is tried again.").wait_for()


def test_the_section_of_the_settings_page_is_alive_too(page: "Page", address: str):
    open_log(page, address, LOG.removesuffix("/sync-log"))
    page.get_by_text("Show the numbers").click()

    log = change_the_retrying_one()

    page.locator(f"#entry-{log.id} [data-state=synced]").wait_for()
    assert page.locator("#log-numbers[open]").count() == 1


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_it_fits_and_looks_as_drawn(
    new_page: Callable[..., "Page"],
    address: str,
    screenshot,
    width: int,
    scheme: str,
    allowed_complaints: list[str],
):
    # Leaving the page may cut off a look that is under way.
    allowed_complaints.append("htmx:sendError")
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    open_log(page, address)
    page.get_by_text("3 tries").click()
    screenshot(page, f"sync-log.{width}-{scheme}")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0

    page.goto(f"{address}{LOG.removesuffix('/sync-log')}")
    page.get_by_text("Show the numbers").click()
    screenshot(page, f"section.{width}-{scheme}")

    assert page.evaluate(wide) == 0
