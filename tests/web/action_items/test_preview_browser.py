"""The Preview beside a description, in a browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

WRITTEN = """\
To **do**:
- [ ] rotate the **key**
- tell [Mia](mailto:mia@acme.test)

| step | who |
|---|---|
| 1 | Tom |

> a quote with `code`
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_description_is_seen_before_it_is_kept(
    opened: "Callable[..., Page]",
    width: int,
    scheme: str,
    screenshot: "Callable[[Page, str], None]",
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.get_by_role("link", name="Add action item").click()
    page.get_by_role("textbox", name="Title").fill("Rotate the key")
    page.get_by_label("Description").fill(WRITTEN)
    page.get_by_role("radio", name="Preview").check()

    region = page.get_by_role("region", name="Preview")
    region.get_by_text("rotate the").wait_for()
    assert region.get_by_role("link", name="Mia").get_attribute("href") == "mailto:mia@acme.test"
    assert not page.get_by_label("Description").is_visible()
    screenshot(page, f"description-preview-{width}-{scheme}")
    violations = Axe().run(page).response["violations"]
    assert [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in violations] == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def test_what_was_written_is_there_again_and_is_kept(opened: "Callable[..., Page]") -> None:
    page = opened()
    page.get_by_role("link", name="Add action item").click()
    page.get_by_role("textbox", name="Title").fill("Rotate the key")
    page.get_by_label("Description").fill("first")
    page.get_by_role("radio", name="Preview").check()
    region = page.get_by_role("region", name="Preview")
    region.get_by_text("first").wait_for()
    page.keyboard.press("ArrowLeft")
    page.get_by_label("Description").fill("second")
    page.get_by_role("radio", name="Preview").check()
    region.get_by_text("second").wait_for()

    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Rotate the key").click()
    page.get_by_text("second").wait_for()


def test_without_script_there_is_no_preview(opened: "Callable[..., Page]") -> None:
    page = opened(java_script_enabled=False)
    page.get_by_role("link", name="Add action item").click()

    assert page.get_by_label("Description").is_visible()
    assert not page.get_by_text("Preview").is_visible()
