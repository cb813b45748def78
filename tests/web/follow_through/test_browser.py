"""Follow-through in a browser that runs no script, with the keyboard alone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.extensions import db
from tests.support import follow_through
from tests.support.acme import team

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_team_is_chosen_and_a_definition_read_without_script(
    sample: None, address: str, new_page: "Callable[..., Page]"
) -> None:
    follow_through.months_of_items()
    own = f"team={team().id}"
    db.session.commit()
    page = new_page(java_script_enabled=False)
    page.goto(f"{address}/sign-in?next=/organizations/acme/follow-through")
    page.get_by_role("textbox", name="E-mail").fill("admin@acme.test")
    page.get_by_label("Password").fill("unpack-demo")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="By team").wait_for()

    page.get_by_label("Team", exact=True).focus()
    page.keyboard.type("Plat")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Action items of Platform").wait_for()
    page.get_by_text("What is counted, and how").focus()
    page.keyboard.press("Enter")

    assert own in page.url
    assert "months=6" in page.url
    assert page.get_by_text("for 14 days nobody has changed it").is_visible()
    assert page.get_by_role("heading", name="By team").count() == 0
