"""The panel as somebody at a browser uses it."""

from typing import TYPE_CHECKING

from app.extensions import db
from app.models import LinkState
from tests.support.acme import links_of

if TYPE_CHECKING:
    from playwright.sync_api import Page


CANARY = "Add a canary stage to the deploy pipeline"


def menu_of(page: "Page", title: str):
    return page.get_by_role("button", name=f"More for: {title}")


def choose(page: "Page", title: str, entry: str) -> None:
    menu_of(page, title).click()
    menu = page.locator(".menu:popover-open")
    menu.get_by_text(entry, exact=True).click()


def settle(item) -> None:
    row = links_of(item)[0]
    row.state, row.issue_key = LinkState.SYNCED, "PLAT-142"
    row.issue_id = f"1{row.action_item_id:04}"  # two links never have the same
    row.site_url, row.cloud_id = "https://acme-eng.atlassian.net", "cloud-1"
    row.revision += 1
    db.session.commit()
