"""Chromium, driven by Playwright. A page that reports an error in its console fails its test."""

import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.requirements import need_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "screenshots"
FAILURES = SCREENSHOTS / "failures"
# fmt: off
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
]
# fmt: on
# A 422 or a CDN out of reach is no mistake of the page, which says so itself. What is aborted gave
# way to another request, or its page was left; whatever else ends a request is said beside its end.
EXPECTED = re.compile(
    r"Failed to load resource|ERR_|Response Status Error Code|^htmx:(afterRequest|sendAbort)\b"
)
# A page that asks by itself may outlive its server once the test has ended.
AFTER_THE_END = re.compile(r"^htmx:sendError\b")
ENDED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """A test that fails says where what its browsers showed is kept: looks and HTML."""
    report = yield
    item.stash[ENDED] = report.when != "setup"
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and report.failed and browser is not None:
        report.sections.append(("what the browsers showed", "\n".join(_keep(browser, item.name))))
    return report


def _keep(browser: "Browser", test: str) -> Iterator[str]:
    FAILURES.mkdir(parents=True, exist_ok=True)
    pages = [page for context in browser.contexts for page in context.pages]
    for number, page in enumerate(pages):
        kept = FAILURES / f"{re.sub(r'[^A-Za-z0-9_]+', '-', test)}-{number}"
        kept.with_suffix(".html").write_text(f"<!-- {page.url} -->\n{page.content()}")
        page.screenshot(path=kept.with_suffix(".png"), full_page=True, caret="initial")
        yield f"{page.url} in {kept.relative_to(ROOT)}.html and .png"


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    program = need_chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def allowed_complaints() -> list[str]:
    """What the console may say; filled by a test that breaks a request on purpose."""
    return []


@pytest.fixture
def new_page(
    browser: "Browser", allowed_complaints: list[str], request: pytest.FixtureRequest
) -> "Iterator[Callable[..., Page]]":
    """Gives a page in a browser of its own: another person, size or colour scheme."""
    complaints: list[str] = []

    def note(message: "ConsoleMessage") -> None:
        ended = request.node.stash.get(ENDED, False)
        if message.type == "error" and is_complaint(message.text, ended=ended):
            complaints.append(message.text)

    def make(**options: object) -> "Page":
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in list(browser.contexts):
        context.close()
    unexpected = [words for words in complaints if not words.startswith(tuple(allowed_complaints))]
    assert not unexpected, f"the browser's console says: {unexpected}"


def is_complaint(words: str, *, ended: bool) -> bool:
    """Whether the console tells of a mistake of the page. ended: the test has, before it."""
    return not (EXPECTED.search(words) or (ended and AFTER_THE_END.search(words)))


@pytest.fixture
def page(new_page: "Callable[..., Page]") -> "Page":
    return new_page()


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> "Callable[[Page, str], None]":
    """Stores what a page shows under `screenshots/`, by test module and name."""
    folder = SCREENSHOTS / Path(str(request.node.path)).stem

    def store(page: "Page", name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if len(page.context.pages) > 1:
            page.bring_to_front()  # Chromium may leave a tab behind another unpainted, and wait
        # Hiding the caret would leave style="" on fields, which the page's policy forbids to copy.
        page.screenshot(
            path=folder / f"{name}.png", full_page=True, caret="initial", animations="disabled"
        )

    return store
