"""A button whose request is still under way, while the page goes on asking for news."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from app.extensions import db
from app.models import Phase
from tests.support.acme import connect_and_choose, items

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


def test_a_poll_does_not_enable_it_again(opened):
    connect_and_choose()
    page: Page = opened(Phase.COMMIT)
    held: list[Route] = []
    page.route("**/syncs", lambda route: held.append(route))
    button = page.get_by_role("button", name="Sync to Jira").first

    button.click()
    expect(button).to_be_disabled()
    items()[1].title = "Somebody else's words"
    db.session.commit()
    page.get_by_role("link", name="Somebody else's words").wait_for()

    assert button.is_disabled()
    assert page.locator("form[aria-busy]").count() == 1
    held[0].continue_()
    page.get_by_text("1 on the way").wait_for()
    expect(page.get_by_role("button", name="Sync to Jira").first).to_be_enabled()
    assert page.locator("form[aria-busy]").count() == 0
