"""Each page in each state: accessible in both schemes and sizes, fits its window, valid HTML."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from axe_playwright_python.base import AXE_SCRIPT

from tests.support.source_files import ROOT
from tests.web.pages.markup import complaints
from tests.web.pages.row import Row
from tests.web.pages.table import Part

if TYPE_CHECKING:
    from playwright.sync_api import Page

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


class Pages:
    """What is asked of each page of a part; the last two look at what the others have drawn."""

    part: Part

    def test_a_page_is_accessible_and_fits(
        self,
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

    def test_every_page_that_was_saved_is_valid(self, saved: Path) -> None:
        """After all rows: Java starts once."""
        assert list(saved.glob("*.html")), "run the rows before it: there is nothing to check"

        assert complaints(saved) == []

    def test_every_page_of_the_part_was_shown(self, drawn: set[str]) -> None:
        """After all rows, too."""
        assert drawn, "run the rows before it: nothing was shown"

        assert pages_of(self.part) - drawn - FOUNDATIONS - OF_THEMSELVES == set()


def problems(page: "Page") -> list[str]:
    """What is not accessible on the page as it stands, or does not fit. Axe is loaded already."""
    page.evaluate(AT_REST)
    violations = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    found = [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in violations]
    found += [each for rule in (AT_THE_EDGE, SQUEEZED, TOUCHING) for each in page.evaluate(rule)]
    return [*found, "scrolls sideways"] if page.evaluate(SIDEWAYS) else found


def pages_of(part: Part) -> set[str]:
    """Its templates that are pages."""
    found = (path for folder in part.folders for path in (TEMPLATES / folder).glob("[!_]*.html"))
    return {str(path.relative_to(TEMPLATES)) for path in found}
