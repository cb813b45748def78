"""The main path in a browser, step by step: connect Jira, choose a project, commit."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    Screenshot = Callable[[Page, str], None]

RETROSPECTIVE = "Sprint 14 Retro"


def sign_in(page: "Page", url: str, email: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name=f"Sign in as {email}").click()
    page.get_by_role("heading", level=1).wait_for()


def connect(page: "Page", screenshot: "Screenshot") -> None:
    """From the organization's home to the banner that names the site."""
    page.get_by_role("link", name="Settings", exact=True).first.click()
    page.get_by_role("link", name="Integrations").click()
    screenshot(page, "02-not-connected")
    page.get_by_role("link", name="Connect to Jira").click()
    page.get_by_role("heading", name="Unpack wants access").wait_for()
    screenshot(page, "03-consent")
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("heading", name="Choose a Jira site").wait_for()
    page.get_by_role("radio").nth(1).check()
    screenshot(page, "04-choose-a-site")
    page.get_by_role("button", name="Use this site").click()


def choose(page: "Page", screenshot: "Screenshot") -> None:
    """The project by typing its key, and the type; then save, and wait for the check."""
    named = page.get_by_role("combobox", name="Default Project", exact=True)
    project = page.locator("input").and_(named)  # not the select that it takes the place of
    project.fill("plat")
    page.get_by_role("option", name="Platform Engineering").wait_for()
    screenshot(page, "06-searching-a-project")
    project.press("Enter")
    assert project.input_value() == "PLAT · Platform Engineering"
    kind = page.get_by_label("Issue Type", exact=True)
    kind.locator("option", has_text="Task").first.wait_for(state="attached")
    kind.select_option(label="Task")
    screenshot(page, "07-chosen")
    page.get_by_role("button", name="Save Settings").click()
    page.locator("#where").get_by_text("Ready", exact=True).wait_for()
    screenshot(page, "08-ready")


def commit(page: "Page", screenshot: "Screenshot") -> float:
    """Preview and press; how many seconds until five keys stood there, nothing touched."""
    page.get_by_role("link", name=RETROSPECTIVE).first.click()
    screenshot(page, "09-discuss")
    page.get_by_role("link", name="Continue to Commit").click()
    button = page.get_by_role("button", name="Commit 5 action items")
    button.wait_for()
    screenshot(page, "10-preview")
    began = time.monotonic()
    button.click()
    page.locator("#panel .key a").nth(4).wait_for()
    return time.monotonic() - began


def item(page: "Page", title: str) -> "Locator":
    return page.locator("#panel .item", has_text=title)


def store_looks(page: "Page", screenshot: "Screenshot", name: str) -> None:
    """Both widths, both colour schemes."""
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            screenshot(page, f"{name}-{width}-{scheme}")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
