"""Each page in each state: accessible in both schemes and sizes, fits its window, valid HTML."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask, template_rendered
from jinja2 import Template
from rq.job import Job

from app.extensions import db
from tests.support.people import Person
from tests.support.source_files import ROOT
from tests.web.pages.markup import complaints
from tests.web.pages.row import Row, Scene
from tests.web.pages.table import TABLE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from demo.jira_cloud.server import RunningJiraCloud

pytestmark = pytest.mark.browser  # the last two look at what the others have drawn

LOOKS: list[tuple[int, Literal["light", "dark"]]]
LOOKS = [(1280, "light"), (1280, "dark"), (390, "dark"), (390, "light")]
KEPT = {(1280, "light"), (390, "dark")}  # as screenshots
# What fades from one colour to another is read in between; what turns for ever has no end.
AT_REST = """document.getAnimations().filter((each) => each instanceof CSSTransition)
    .forEach((each) => each.finish())"""
TEMPLATES = ROOT / "templates"
# What pages are made of, and the two that are drawn without Flask, because the app may be broken.
FOUNDATIONS = {"settings/layout.html", "settings/confirm.html", "action_items/confirm.html"}
OF_THEMSELVES = {"errors/unavailable.html", "errors/failsafe.html"}
# What looks broken and breaks no rule: words at the window's edge, sentences a word wide, and a
# button that touches the words above it.
AT_THE_EDGE = """[...document.querySelectorAll("h1")]
    .filter((each) => each.getBoundingClientRect().left < 12)
    .map((each) => `at the edge: ${each.innerText}`)"""
SQUEEZED = """[...document.querySelectorAll("main :is(p, h2, h3, .strong, .sub)")]
    .map((each) => [each.innerText, each.getBoundingClientRect()])
    .filter(([words, box]) => words.length > 12 && box.width < 96 && box.height > 45)
    .map(([words]) => `squeezed: ${words}`)"""
TOUCHING = """[...document.querySelectorAll(".notice > p + :is(a, form)")]
    .map((each) => [each.innerText, each.getBoundingClientRect(),
        each.previousElementSibling.getBoundingClientRect()])
    .filter(([, own, words]) => own.left < words.right && own.top - words.bottom < 4)
    .map(([label]) => `touching: ${label}`)"""
SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each row leaves its page."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def drawn() -> set[str]:
    """The templates of the pages that rows have shown."""
    return set()


@pytest.fixture
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """As the row says."""
    return dict(request.node.callspec.params["row"].environment)


@pytest.fixture
def scene(
    app: Flask,
    sample: None,
    jira: "RunningJiraCloud",
    work: Callable[[], list[Job]],
    monkeypatch: pytest.MonkeyPatch,
    drawn: set[str],
) -> Iterator[Scene]:
    def note(_: Flask, template: Template, **__: object) -> None:
        drawn.add(str(template.name))

    with ExitStack() as ends, template_rendered.connected_to(note, app):
        yield Scene(app, jira, work, monkeypatch, ends)


@pytest.fixture
def shown(
    scene: Scene,
    address: str,
    new_page: "Callable[..., Page]",
    signed_in: Callable[[str], Person],
    allowed_complaints: list[str],
) -> "Callable[[Row], tuple[Page, str]]":
    """Gives a row's page in the browser, and its HTML: the server's own, as long as that is it."""

    def show(row: Row) -> "tuple[Page, str]":
        allowed_complaints.extend(row.complaints)
        page = new_page()
        if row.who:
            page.context.add_cookies([cookie(scene.app, signed_in(row.who), address)])
        path = row.address
        row.state(scene)
        db.session.commit()
        answer = page.goto(address + path)
        assert answer
        assert answer.status == row.status
        page.wait_for_load_state()
        if row.act is None:
            return page, answer.text()
        row.act(page)
        return page, page.content()

    return show


def cookie(app: Flask, person: Person, address: str) -> dict[str, str]:
    """The session of somebody at the test client, for a browser."""
    name = app.config["SESSION_COOKIE_NAME"]
    found = person.get_cookie(name)
    assert found
    return {"name": name, "value": found.value, "url": address}


def problems(page: "Page") -> list[str]:
    """What is not accessible on the page as it stands, or does not fit. Axe is loaded already."""
    page.evaluate(AT_REST)
    violations = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    found = [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in violations]
    found += [each for rule in (AT_THE_EDGE, SQUEEZED, TOUCHING) for each in page.evaluate(rule)]
    return [*found, "scrolls sideways"] if page.evaluate(SIDEWAYS) else found


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_page_is_accessible_and_fits(
    row: Row,
    shown: "Callable[[Row], tuple[Page, str]]",
    saved: Path,
    screenshot: "Callable[[Page, str], None]",
) -> None:
    page, html = shown(row)
    (saved / f"{row.name}.html").write_text(html)

    page.evaluate(AXE_SCRIPT)
    found = {}
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found[f"{width} {scheme}"] = problems(page)
        if (width, scheme) in KEPT:
            screenshot(page, f"{row.name}-{width}-{scheme}")

    assert {look: wrong for look, wrong in found.items() if wrong} == {}


def test_every_page_that_was_saved_is_valid(saved: Path) -> None:
    """After all rows: Java starts once."""
    assert list(saved.glob("*.html")), "run the rows before it: there is nothing to check"

    assert complaints(saved) == []


def test_every_page_that_the_product_has_was_shown(drawn: set[str]) -> None:
    """After all rows, too."""
    assert drawn, "run the rows before it: nothing was shown"
    pages = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("*/[!_]*.html")}
    pages -= {name for name in pages if name.startswith(("macros/", "mails/"))}

    assert pages - drawn - FOUNDATIONS - OF_THEMSELVES == set()
