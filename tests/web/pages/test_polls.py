"""Whatever a page asks by itself, again and again: what it costs while there is nothing to say."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import pytest
from flask import Flask, template_rendered

from app.extensions import db
from tests.support.pages import Page
from tests.support.people import Answer, Person
from tests.support.source_files import ROOT
from tests.web.pages.row import Row, Scene
from tests.web.pages.table import TABLE

if TYPE_CHECKING:
    from demo.jira_cloud.server import RunningJiraCloud

# BEGIN, or PostgreSQL's timeout, is one of them; the others: who is signed in, what they may see,
# and the pulse.
MOST = 4
ROWS = {
    "retrospective-discuss": {"watch"},
    "last-time-without-jira": {"watch", "last-time-watch"},
    "panel-all-states": {"panel-head"},
    "commit-looking": {"preview"},
    "settings-checking": {"connection-card", "choices"},
    "webhooks-registering": {"webhook-health"},
    "people-looking": {"people-list"},
    "sync-log": {"log-look"},
    "sync-log-section": {"log-look"},
    "backfill-running": {"backfill"},
    "history-undo-checking": {"proposal"},
}
# Every ten seconds, by the one person who creates an issue by hand: what it shows is what Jira is
# asked for each time, so it has no pulse, and 204 for the same answer (test_finishing.py).
WITHOUT_PULSE = {"suggestions"}
TOLD = {"status", "alert", "log"}  # whoever cannot see is told what changes in these


def row_named(name: str) -> Row:
    return next(row for row in TABLE if row.name == name)


@pytest.fixture
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """As the row says."""
    return dict(row_named(request.node.callspec.params["name"]).environment)


@pytest.fixture
def scene(
    app: Flask,
    sample: None,
    jira: "RunningJiraCloud",
    work: Callable[[], list[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Scene]:
    with ExitStack() as ends:
        yield Scene(app, jira, work, monkeypatch, ends)


def show(scene: Scene, row: Row, somebody: Person) -> Page:
    path = row.address
    row.state(scene)
    db.session.commit()
    return somebody.get(path).page


def polls_of(page: Page) -> dict[str, Element]:
    """What looks for news by itself, by its id."""
    triggers = {each: each.get("hx-trigger", "") for each in page.root.iter()}
    return {str(each.get("id")): each for each, how in triggers.items() if "every" in how}


def look(somebody: Person, page: Page, poll: Element) -> Answer:
    """As htmx would: with the fields of the form around it, if it asks for them."""
    fields: dict[str, str] = {}
    if "hx-include" in poll.attrib:
        for each in page.all("input"):
            if each.get("name") and (each.get("type") != "checkbox" or "checked" in each.attrib):
                fields[str(each.get("name"))] = each.get("value", "")
        for select in page.all("select"):
            picked = [each for each in select.iter("option") if "selected" in each.attrib]
            fields[str(select.get("name"))] = picked[0].get("value", "") if picked else ""
    more = f"&{urlencode(fields)}" if fields else ""
    return somebody.get(f"{poll.get('hx-get')}{more}", htmx=True)


def words_of(page: Page) -> dict[str, Element]:
    """What is said of how fresh a part is, by the id of what asks for it."""
    return {str(each.get("data-live")): each for each in page.all("span") if each.get("data-live")}


@pytest.mark.parametrize("name", ROWS)
def test_whatever_asks_says_of_when_it_is_and_tells_nobody(
    name: str, scene: Scene, signed_in: Callable[[str], Person]
) -> None:
    row = row_named(name)
    page = show(scene, row, signed_in(row.who))

    words = words_of(page)

    assert words.keys() == ROWS[name]
    for word in words.values():
        assert "".join(word.itertext()).startswith("Updated at ")
        assert word.find("time") is not None
    telling = [e for e in page.root.iter() if e.get("role") in TOLD or e.get("aria-live")]
    assert [each for part in telling for each in part.iter() if each.get("data-live")] == []


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ROWS)
def test_a_poll_without_news_is_four_statements_and_draws_nothing(
    name: str, scene: Scene, signed_in: Callable[[str], Person], asked: list[str]
) -> None:
    row = row_named(name)
    somebody = signed_in(row.who)
    page = show(scene, row, somebody)
    polls = polls_of(page)
    assert polls.keys() == ROWS[name]

    drawn: list[object] = []
    for poll in polls.values():
        look(somebody, page, poll)
        asked.clear()
        with template_rendered.connected_to(lambda *_, **__: drawn.append(1), scene.app):
            answer = look(somebody, page, poll)
        assert (answer.status_code, answer.data, drawn) == (204, b"", [])
        assert len(asked) <= MOST
        assert [each for each in asked if each.startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_every_poll_of_a_template_is_walked() -> None:
    every = re.compile(r'hx-trigger="[^"]*every')
    begin = re.compile(rf'id="([\w-]+)"[^<]*?{every.pattern}')
    texts = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    found = [name for text in texts for name in begin.findall(text)]

    assert set(found) - WITHOUT_PULSE == set().union(*ROWS.values())
    assert len(found) == sum(len(every.findall(text)) for text in texts)
