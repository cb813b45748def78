"""A browser whose connection goes away while somebody writes."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models import ActionItem
from tests.support.acme import sprint_14
from tests.support.serving import serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

TITLE = "Cut CI time below ten minutes"


@pytest.fixture
def retrospective(
    app: Flask, sample: None, page: "Page", allowed_complaints: list[str]
) -> Iterator[None]:
    """The form for another item stands open."""
    allowed_complaints.append("htmx:sendError")
    address = f"/retrospectives/{sprint_14().id}"
    db.session.commit()
    for url in serve(app):
        page.goto(f"{url}/sign-in")
        page.get_by_role("button", name="Sign in as facilitator@acme.test").click()
        page.wait_for_url(re.compile("/organizations/"))
        page.goto(f"{url}{address}")
        page.get_by_role("link", name="Add action item").click()
        page.get_by_label("Title").fill(TITLE)
        yield


def how_many() -> int:
    count = db.session.scalar(select(func.count()).where(ActionItem.title == TITLE)) or 0
    db.session.rollback()  # SQLite has one write lock, and the browser is about to want it
    return count


@pytest.mark.usefixtures("retrospective")
def test_what_was_typed_waits_for_the_connection_and_goes_out_once(
    page: "Page", screenshot: "Callable[[Page, str], None]"
) -> None:
    page.context.set_offline(True)
    page.get_by_role("button", name="Add", exact=True).click()

    notice = page.locator("#alerts").get_by_text("No connection to Unpack.")
    notice.wait_for()
    words = page.locator("#alerts").inner_text()
    assert re.search(r"You see the state of \d\d:\d\d\.", words)
    assert f"“{TITLE}” was not saved; it is still in its form." in words
    assert page.get_by_label("Title").input_value() == TITLE
    page.get_by_text("Not saved. We try again when you are connected.").wait_for()
    screenshot(page, "offline")
    assert how_many() == 0

    page.context.set_offline(False)
    page.locator(".item").get_by_text(TITLE).wait_for()

    notice.wait_for(state="detached")
    assert how_many() == 1


@pytest.mark.usefixtures("retrospective")
def test_a_connection_that_comes_back_takes_the_notice_away(page: "Page") -> None:
    page.context.set_offline(True)
    page.get_by_text("No connection to Unpack.").wait_for()

    page.context.set_offline(False)

    page.get_by_text("No connection to Unpack.").wait_for(state="detached")
    assert page.get_by_label("Title").input_value() == TITLE


@pytest.mark.usefixtures("retrospective")
def test_a_server_that_refuses_is_tried_again_by_a_person_alone(page: "Page") -> None:
    """It may have arrived, so nothing is sent behind anybody's back."""
    page.route("**/action-items", lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Not saved, as far as we know.").wait_for()
    page.locator("#alerts").get_by_text("The server did not answer.").wait_for()
    page.unroute("**/action-items")

    page.get_by_role("button", name="Try now").click()

    page.locator(".item").get_by_text(TITLE).wait_for()
    assert how_many() == 1
