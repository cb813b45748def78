"""A session that ends in another tab, while somebody is writing in this one."""

from typing import TYPE_CHECKING

import pytest

from app.models import Phase
from tests.web.action_items.panel import CANARY, choose

if TYPE_CHECKING:
    from playwright.sync_api import Page

FACILITATOR = "facilitator@acme.test"


def sign_out_elsewhere(page: "Page") -> "Page":
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Account of").click()
    other.get_by_role("button", name="Sign out").click()
    other.get_by_role("heading", name="Sign in", exact=True).wait_for()
    return other


def write_an_item(page: "Page") -> None:
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").fill("Buy cake")
    page.get_by_label("Description").fill("With candles")


def save_what_was_kept(page: "Page") -> None:
    page.get_by_text("Your session has ended.").wait_for()
    page.get_by_role("button", name=f"Sign in as {FACILITATOR}").click()
    page.get_by_text("This action item was not saved").wait_for()
    assert page.get_by_label("Description").input_value() == "With candles"
    page.get_by_role("button", name="Save it now").click()
    page.get_by_role("heading", name="Sprint 14 Retro").wait_for()
    assert page.get_by_role("link", name="Buy cake").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_is_saved_after_signing_in_again(opened, scripts):
    page = opened(Phase.DISCUSS, java_script_enabled=scripts)
    write_an_item(page)
    sign_out_elsewhere(page)

    page.get_by_role("button", name="Add", exact=True).click()

    save_what_was_kept(page)


def test_who_is_writing_is_told_and_stays_where_they_are(opened, screenshot):
    page = opened(Phase.DISCUSS)
    write_an_item(page)
    sign_out_elsewhere(page)

    page.get_by_text("You are signed out, perhaps in another tab.").wait_for()
    screenshot(page, "told")
    assert page.get_by_label("Title").input_value() == "Buy cake"
    page.get_by_role("button", name="Add", exact=True).click()
    screenshot(page, "sign-in")
    save_what_was_kept(page)


def test_who_signed_in_again_elsewhere_saves_it_from_here(opened, screenshot):
    page = opened(Phase.DISCUSS)
    choose(page, CANARY, "Edit")
    page.get_by_label("Title").fill("Canaries first")
    other = sign_out_elsewhere(page)
    other.get_by_role("button", name=f"Sign in as {FACILITATOR}").click()
    other.get_by_role("button", name="Account of").wait_for()

    page.get_by_role("button", name="Save").click()

    page.get_by_text("Your change of this action item was not saved").wait_for()
    screenshot(page, "not-saved-yet")
    page.get_by_role("button", name="Save it now").click()
    page.get_by_role("link", name="Canaries first").wait_for()


def test_who_writes_nothing_comes_back_to_the_page(opened):
    page = opened(Phase.DISCUSS)
    sign_out_elsewhere(page)

    page.get_by_role("heading", name="Sign in", exact=True).wait_for()
    page.get_by_role("button", name=f"Sign in as {FACILITATOR}").click()

    page.get_by_role("heading", name="Sprint 14 Retro").wait_for()
