"""Ending a session of one's own in another browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.extensions import db
from tests.support.acme import sprint_14
from tests.web.accounts_in_browser.ways import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"


@pytest.mark.parametrize("scripts", [True, False])
def test_who_is_signed_out_elsewhere_sees_nothing_more_there(
    new_page: "Callable[..., Page]", url: str, scripts: bool
) -> None:
    laptop = new_page(java_script_enabled=scripts)
    phone = new_page(java_script_enabled=scripts, user_agent=PHONE)
    for page in (laptop, phone):
        sign_in(page, url, "member1@acme.test")
    retrospective = f"{url}/retrospectives/{sprint_14().id}"
    db.session.rollback()  # let go of the database: a browser is about to want it
    phone.goto(retrospective)
    laptop.goto(f"{url}/account")

    laptop.get_by_role("button", name="End session").click()

    laptop.get_by_text("This session", exact=True).wait_for()
    assert laptop.get_by_role("button", name="End session").count() == 0
    if not scripts:  # a page that asks for news is led to the door by itself
        phone.goto(retrospective)
    phone.get_by_role("heading", name="Sign in").wait_for()
    assert "member1@acme.test" not in phone.content()
