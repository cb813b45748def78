"""Somebody who goes through *Last time* in a browser."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support import keyboard

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


@dataclass
class Hand:
    """Somebody with a mouse; `keys`: with a keyboard alone."""

    page: "Page"
    keys: bool = False

    def act(self, on: "Locator") -> None:
        if not self.keys:
            on.click()
            return
        keyboard.go_to(self.page, on)
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        self.act(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str) -> None:
        self.act(self.page.get_by_role("link", name=name, exact=True))

    def unfold(self, words: str) -> None:
        self.act(self.page.locator("summary", has_text=words))

    def tick(self, title: str) -> None:
        self.act(self.section.get_by_role("checkbox", name=f"Complete: {title}"))

    def fill(self, label: str, words: str) -> None:
        if self.keys:
            keyboard.fill(self.page, label, words)
        else:
            self.page.get_by_label(label, exact=True).fill(words)

    def take_along(self, name: str) -> str:
        """What the link of this name gives to be saved."""
        with self.page.expect_download() as download:
            self.follow(name)
        return download.value.path().read_bytes().decode("utf-8-sig")

    @property
    def section(self) -> "Locator":
        return self.page.locator("#last-time")

    def row(self, title: str) -> "Locator":
        return self.section.locator("li.item", has_text=title)
