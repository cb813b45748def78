"""The list of projects as somebody at a browser uses it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def project(page: "Page", label: str = "Default Project"):
    # The input that takes the select's place: before the script has run there is only the select.
    named = page.get_by_role("combobox", name=label, exact=True)
    return page.locator("input").and_(named)


def search(page: "Page", text: str) -> None:
    project(page).fill(text)
    page.locator(".combo-foot", has_text=" of ").or_(
        page.locator(".combo-foot", has_text="None")
    ).first.wait_for()
