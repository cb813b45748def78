"""Renaming and deleting a retrospective."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.models import LinkState, Phase
from tests.support.acme import connect_and_choose, items, link, sprint_14
from tests.web.pages.doors import press
from tests.web.pages.row import FACILITATOR, Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page


def committed(_: Scene) -> None:
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    first, second, *_rest = items()
    link(first)
    link(second, LinkState.DELETED, key="PLAT-143")


def of_sprint_14(part: str = "") -> Callable[[], str]:
    return lambda: f"/retrospectives/{sprint_14().id}{part}"


def open_menu(page: "Page") -> None:
    page.wait_for_function("document.body['htmx-internal-data'] !== undefined")
    page.get_by_role("button", name="More for this retrospective").click()
    page.locator(".menu:popover-open").wait_for()


def ask_to_delete(page: "Page") -> None:
    open_menu(page)
    page.locator(".menu:popover-open").get_by_text("Delete…").click()
    page.get_by_role("dialog").locator("#confirm").wait_for()


ROWS = [
    Row("retrospective-menu", of_sprint_14(), FACILITATOR, act=open_menu),
    Row("retrospective-title", of_sprint_14("/title"), FACILITATOR),
    Row(
        "retrospective-title-wrong",
        of_sprint_14("/title"),
        FACILITATOR,
        act=press("Save title", "Enter a title.", Title="  "),
    ),
    Row("retrospective-deletion", of_sprint_14(), FACILITATOR, committed, ask_to_delete),
    Row("retrospective-deletion-page", of_sprint_14("/deletion"), FACILITATOR, committed),
]
