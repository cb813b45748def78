"""What is said of how fresh a page is, and how often it asks: seen, left alone, hidden, cut off."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Route, expect

from app.extensions import db
from app.models import LinkState, Phase
from tests.support.acme import connect_and_choose, items, link
from tests.web.action_items.panel import settle

if TYPE_CHECKING:
    from playwright.sync_api import Page

UPDATED = re.compile(r"^Updated at \d\d:\d\d$")
WORD = "#panel .live-word"
NOTE_WHEN_ASKED_AND_ANSWERED = """() => {
    const first = (name) =>
        new Promise((done) => document.addEventListener(name, done, { once: true }));
    window.asked = 0; // milliseconds, by the page's clock
    first("htmx:beforeSend").then(() => { window.asked = Date.now(); });
    window.answered = first("htmx:afterRequest").then(() => true);
}"""


def answer_without_news(page: "Page", headers: dict[str, str]) -> None:
    page.route("**/panel?*", lambda route: route.fulfill(status=204, headers=headers))


def ask(page: "Page") -> float:
    """Let so many seconds pass that it asks, in steps so small that the answer takes none."""
    page.evaluate(NOTE_WHEN_ASKED_AND_ANSWERED)
    began = page.evaluate("Date.now()")
    while not (asked := page.evaluate("window.asked")):
        page.clock.run_for(25)
    page.evaluate("window.answered")
    return float(asked - began) / 1000


@pytest.fixture
def moving(opened) -> "Page":
    """A retrospective in Commit, one of whose action items is on its way: asked each second."""
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    page = opened(Phase.COMMIT)
    page.clock.install()
    page.reload()
    expect(page.locator(WORD)).to_have_text("Live")
    return page


@pytest.fixture
def polls(moving: "Page") -> list[str]:
    """What the page asked for since."""
    asked: list[str] = []
    moving.on("request", lambda request: asked.append(request.url))
    return asked


def hide(page: "Page", hidden: bool) -> None:
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def expect_an_answer_each_second(page: "Page") -> None:
    for _ in range(5):
        with page.expect_response("**/panel?*"):
            page.clock.run_for(1_000)


def wait_for_polls(page: "Page", polls: list[str], seconds: int) -> int:
    """How many there were within so many of the page's seconds."""
    polls.clear()
    for _ in range(seconds):
        page.clock.run_for(1_000)
    return len(polls)


def test_it_is_live_while_it_is_asked_and_seen(moving, screenshot):
    screenshot(moving, "live")
    expect_an_answer_each_second(moving)
    expect(moving.locator(WORD)).to_have_text("Live")


def test_nobody_is_told_of_it(moving):
    told = "[role=status], [role=alert], [role=log], [aria-live], output"

    assert moving.locator(f":is({told}) .live-word").count() == 0
    assert moving.locator("#announcer").text_content() == ""


def test_what_nobody_sees_is_not_asked_for_nor_called_live(moving, polls):
    hide(moving, True)

    expect(moving.locator(WORD)).to_have_text(UPDATED)
    assert wait_for_polls(moving, polls, 10) == 0

    with moving.expect_request("**/panel?*"):
        hide(moving, False)
    expect(moving.locator(WORD)).to_have_text("Live")


def test_left_alone_it_asks_less_and_says_of_when_it_is(moving, polls, screenshot):
    moving.clock.fast_forward("04:00")

    assert wait_for_polls(moving, polls, 30) <= 3
    expect(moving.locator(WORD)).to_have_text(UPDATED)
    screenshot(moving, "left-alone")

    moving.clock.fast_forward("15:00")
    assert wait_for_polls(moving, polls, 60) <= 2

    with moving.expect_request("**/panel?*"):
        moving.mouse.move(200, 200)
    expect(moving.locator(WORD)).to_have_text("Live")
    expect_an_answer_each_second(moving)


def test_news_that_somebody_looks_on_at_keeps_it_live(moving, polls):
    moving.clock.fast_forward("02:00")
    link(items()[1], LinkState.SYNCING, key=None)
    settle(items()[0])
    moving.clock.run_for(2_000)
    moving.get_by_role("link", name="PLAT-142").wait_for()

    moving.clock.fast_forward("02:00")
    moving.clock.run_for(2_000)

    expect(moving.locator(WORD)).to_have_text("Live")


@pytest.fixture
def cut_off(moving: "Page", allowed_complaints: list[str]) -> "Page":
    allowed_complaints.append("htmx:sendError")
    moving.route("**/panel?*", lambda route: route.abort("connectionrefused"))
    return moving


def test_a_server_that_is_away_is_asked_ever_more_rarely(cut_off, polls, screenshot):
    cut_off.clock.run_for(1_000)
    expect(cut_off.locator(WORD)).to_have_text(UPDATED)

    wait_for_polls(cut_off, polls, 10)
    screenshot(cut_off, "server-away")
    cut_off.get_by_text("The server did not answer.").wait_for()
    assert wait_for_polls(cut_off, polls, 30) <= 5
    cut_off.unroute("**/panel?*")
    wait_for_polls(cut_off, polls, 16)

    expect(cut_off.locator(WORD)).to_have_text("Live")
    expect(cut_off.locator("#alerts")).to_be_empty()
    expect_an_answer_each_second(cut_off)


def test_an_answer_that_does_not_come_ends_what_is_called_live(moving):
    moving.route("**/panel?*", lambda route: None)

    moving.clock.run_for(8_000)

    expect(moving.locator(WORD)).to_have_text(UPDATED)


def test_of_another_day_the_day_is_said(moving):
    moving.route("**/panel?*", lambda route: None)

    moving.clock.fast_forward("24:00:00")

    expect(moving.locator(WORD)).to_have_text(
        re.compile(r"^Updated at \d\d:\d\d on \d{1,2} [A-Z][a-z]{2}$")
    )


def test_without_script_it_says_when_the_page_was_drawn(opened, screenshot):
    connect_and_choose()
    page = opened(Phase.DISCUSS, java_script_enabled=False)

    expect(page.locator(WORD)).to_have_text(UPDATED)
    screenshot(page, "without-script")


def test_a_server_that_takes_its_time_is_asked_less(moving, polls):
    """An answer that took 200 ms is followed by four seconds of silence."""
    held: list[Route] = []
    moving.clock.pause_at(moving.evaluate("Date.now()") / 1000 + 2)
    moving.route("**/panel?*", lambda route: held.append(route))
    moving.evaluate(NOTE_WHEN_ASKED_AND_ANSWERED)
    # On a busy machine, answers before this one may have taken their time, too.
    while not (asked := moving.evaluate("window.asked")):
        moving.clock.run_for(100)
    moving.clock.run_for(asked + 200 - moving.evaluate("Date.now()"))
    while not held:  # it is on its way from the browser to us; the page's time stands still
        moving.evaluate("null")
    held[0].fulfill(status=204)
    moving.evaluate("window.answered")

    assert wait_for_polls(moving, polls, 3) == 0
    expect(moving.locator(WORD)).to_have_text("Live")
    with moving.expect_request("**/panel?*"):
        moving.clock.run_for(2_000)


def test_a_server_that_has_many_to_answer_is_asked_when_it_says(moving, polls):
    moving.clock.pause_at(moving.evaluate("Date.now()") / 1000 + 2)
    answer_without_news(moving, {"Poll-After": "12"})
    ask(moving)

    assert wait_for_polls(moving, polls, 9) == 0
    expect(moving.locator(WORD)).to_have_text(UPDATED)
    with moving.expect_request("**/panel?*") as request:
        ask(moving)
    assert 10 < float(request.value.headers["poll-waited"]) < 14


def test_a_part_at_which_nothing_happens_is_asked_less_until_it_is_another(moving):
    moving.clock.pause_at(moving.evaluate("Date.now()") / 1000 + 2)
    answer_without_news(moving, {"Poll-Every": "5"})
    ask(moving)

    assert 4 < ask(moving) < 6
    expect(moving.locator(WORD)).to_have_text("Live")
    moving.unroute("**/panel?*")
    link(items()[1], LinkState.SYNCING, key=None)
    db.session.commit()
    ask(moving)
    assert ask(moving) < 2
