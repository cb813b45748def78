"""What a first visit and the next page cost over the wire, as Chromium counts it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from app.extensions import db
from tests.support import factories
from tests.support.acme import sprint_14
from tests.support.serving import serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

FIRST_VISIT = 150_000  # bytes: sign-in and a retrospective of 50 action items, nothing cached
NEXT_PAGE = 15_000


class Wire:
    """Counts what arrives, headers included, in the sizes it was sent in."""

    def __init__(self, page: "Page") -> None:
        self.answers: dict[str, int] = {}
        self.encodings: dict[str, str] = {}
        self._urls: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._note_answer)
        session.on("Network.loadingFinished", self._note_size)

    @property
    def bytes(self) -> int:
        return sum(self.answers.values())

    def begin_anew(self) -> None:
        self.answers.clear()

    def _note_answer(self, event: dict[str, Any]) -> None:
        url, headers = event["response"]["url"], event["response"]["headers"]
        self._urls[event["requestId"]] = url
        named = {name.lower(): value for name, value in headers.items()}
        self.encodings[url] = named.get("content-encoding", "")

    def _note_size(self, event: dict[str, Any]) -> None:
        url = self._urls.get(event["requestId"], event["requestId"])
        self.answers[url] = self.answers.get(url, 0) + int(event["encodedDataLength"])


@pytest.fixture
def address(app: Flask, sample: None) -> Iterator[str]:
    """Where the product is served, with a retrospective of 50 action items."""
    for number in range(50):
        factories.action_item(sprint_14(), f"Write down what we decided about part {number}")
    db.session.commit()
    yield from serve(app)


def test_a_first_visit_and_the_next_page_are_small(address: str, page: "Page") -> None:
    wire = Wire(page)
    retrospective = f"{address}/retrospectives/{sprint_14().id}"
    db.session.rollback()

    page.goto(f"{address}/sign-in", wait_until="networkidle")
    page.get_by_role("button", name="Sign in as facilitator@acme.test").click()
    page.wait_for_url(re.compile("/organizations/"))
    page.goto(retrospective, wait_until="load")
    page.wait_for_function("window.htmx !== undefined")
    first = wire.bytes
    assert any(name.endswith(".woff2") for name in wire.answers), "the font was not counted"
    assert any("htmx" in name for name in wire.answers), "htmx was not counted"
    assert set(wire.encodings.values()) <= {"br", ""}, "something was compressed worse"

    wire.begin_anew()
    page.get_by_role("link", name="Home").first.click()
    page.wait_for_url(re.compile("/organizations/"))
    page.wait_for_load_state("load")

    print(f"first visit {first} bytes, next page {wire.bytes} bytes")
    assert first <= FIRST_VISIT, wire.answers
    assert wire.bytes <= NEXT_PAGE, wire.answers
