"""What the settings say of what is typed or chosen and not saved, while somebody is at it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.support.atlassian import JIRA
from tests.web.jira_settings.typed import CAUSE, COMPLETE, form

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def page(values, address: str, new_page: "Callable[..., Page]") -> "Page":
    """The settings as the admin sees them, with a text field among the field values."""
    values.post(JIRA, form(**COMPLETE, **{CAUSE: "From {retrospective}"}))
    page = new_page()
    page.goto(f"{address}/sign-in?next={JIRA}")
    page.get_by_role("textbox", name="E-mail").fill("admin@acme.test")
    page.get_by_label("Password").fill("unpack-demo")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Jira settings").wait_for()
    page.wait_for_load_state()
    return page


def test_an_example_follows_what_is_typed_and_the_caret_stays(page: "Page"):
    field = page.get_by_label("Root cause", exact=True)
    field.fill("Of {team")
    field.press("End")
    page.keyboard.type("}: {nothing}")

    page.get_by_text("{nothing} means nothing.").wait_for()
    assert field.input_value() == "Of {team}: {nothing}"
    assert page.evaluate("document.activeElement.id") == CAUSE
    for _ in "{nothing}":
        page.keyboard.press("Backspace")
    page.keyboard.type("why")

    page.get_by_text("Sends: Of Platform: why").wait_for()
    assert page.get_by_text("means nothing.").count() == 0


def test_the_check_of_statuses_says_that_it_is_of_the_saved_ones(page: "Page"):
    words = page.get_by_text("Of the saved choices.")
    expect(words).to_be_hidden()

    page.locator("select#completed").select_option(label="Done")
    expect(words).to_be_visible()
    page.locator("select#completed").select_option(index=0)

    expect(words).to_be_hidden()
