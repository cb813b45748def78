"""Somebody who has no mouse: Tab goes on, and what has the focus is typed into or pressed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST_STEPS = 80
HAS_FOCUS = "(element) => element === document.activeElement"


def go_to(page: "Page", wanted: "Locator") -> None:
    """Tab, until it has the focus."""
    wanted.wait_for()
    for _ in range(MOST_STEPS):
        if wanted.evaluate(HAS_FOCUS):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never comes to {wanted}")


def fill(page: "Page", label: str, words: str) -> None:
    """Into the field with this label; what stands there is replaced."""
    go_to(page, page.get_by_label(label, exact=True))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)


def press(page: "Page", name: str) -> None:
    """The button of this name."""
    go_to(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def follow(page: "Page", name: str) -> None:
    """The link of this name."""
    go_to(page, page.get_by_role("link", name=name, exact=True))
    page.keyboard.press("Enter")
