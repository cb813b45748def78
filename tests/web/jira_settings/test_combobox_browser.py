"""Searching the list of projects by typing, touching and clicking."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.jira_settings.combobox import project, search

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


def rows(page: "Page"):
    return page.get_by_role("listbox", name="Default Project").get_by_role("option")


def test_typing_finds_a_project_and_enter_chooses_it(opened):
    page = opened()

    search(page, "planning")
    project(page).press("Enter")

    page.get_by_label("Issue Type", exact=True).get_by_text("Choose an issue type").wait_for(
        state="attached"
    )
    assert project(page).input_value() == "PLAN · Planning and Forecasts"
    assert page.evaluate("document.activeElement.id") == "project"


def choose_platform(page: "Page") -> None:
    search(page, "plat")
    project(page).press("Enter")
    types = page.get_by_label("Issue Type", exact=True)
    types.get_by_text("Choose an issue type").wait_for(state="attached")


def found(page: "Page") -> list[str]:
    """The names in the list, once it holds an answer to what was typed."""
    page.locator(".combo-foot", has_text=" of 4").first.wait_for()
    return rows(page).locator(".grow").all_inner_texts()


def test_clicking_and_typing_searches_for_what_is_typed(opened):
    page = opened()

    project(page).click()
    page.keyboard.type("mobile")

    assert found(page) == ["Mobile Apps"]
    assert project(page).input_value() == "mobile"


def test_clicking_and_typing_replaces_what_was_chosen(opened):
    page = opened()
    choose_platform(page)
    project(page).blur()

    project(page).click()
    page.keyboard.type("mobile")

    assert found(page) == ["Mobile Apps"]
    assert project(page).input_value() == "mobile"


def test_typing_on_after_a_choice_searches_again(opened):
    page = opened()
    choose_platform(page)

    page.keyboard.type("mobile")

    assert found(page) == ["Mobile Apps"]


def test_tab_leaves_with_what_was_chosen(opened):
    page = opened()
    choose_platform(page)
    search(page, "mob")

    project(page).press("Tab")

    assert project(page).input_value() == "PLAT · Platform Engineering"
    assert page.locator(".combo-list:visible").count() == 0
    assert page.evaluate("document.activeElement.id") != "project"


def test_a_click_elsewhere_leaves_with_what_was_chosen(opened):
    page = opened()
    search(page, "mob")

    page.get_by_role("heading", name="Default Project and Issue Type").click()

    assert project(page).input_value() == ""
    assert project(page).get_attribute("placeholder") == "Choose a project"
    assert page.locator(".combo-list:visible").count() == 0


class TestByTouch:
    @pytest.fixture
    def page(self, opened) -> "Page":
        return opened(has_touch=True, viewport={"width": 390, "height": 800})

    def test_a_tap_opens_the_list_and_another_chooses(self, page: "Page"):
        project(page).tap()
        rows(page).filter(has_text="Mobile Apps").tap()

        page.get_by_text("1 unsaved change: Default Project").wait_for()
        assert project(page).input_value() == "MOB · Mobile Apps"

    def test_a_tap_on_a_project_without_permission_chooses_nothing(self, page: "Page"):
        project(page).tap()
        rows(page).filter(has_text="Security Reviews").tap(force=True)

        assert rows(page).filter(has_text="Security Reviews").is_visible()
        page.get_by_role("heading", name="Default Project and Issue Type").tap()
        assert project(page).input_value() == ""


def test_arrow_keys_pass_over_what_cannot_be_chosen(opened):
    page = opened()
    search(page, "s")  # Planning and Forecasts, Mobile Apps, Security Reviews

    for _ in range(3):
        project(page).press("ArrowDown")
        active = project(page).get_attribute("aria-activedescendant")
        assert page.locator(f"#{active}").get_attribute("aria-disabled") is None


def test_a_click_on_a_project_without_permission_chooses_nothing(opened):
    page = opened()
    search(page, "security")

    rows(page).first.click(force=True)  # it is disabled, which does not stop a person

    project(page).press("Escape")
    assert project(page).input_value() == ""
    assert project(page).get_attribute("placeholder") == "Choose a project"


def test_escape_keeps_what_was_chosen(opened):
    page = opened()
    search(page, "plat")
    project(page).press("Enter")
    search(page, "mob")

    project(page).press("Escape")

    assert project(page).input_value() == "PLAT · Platform Engineering"
    assert project(page).get_attribute("aria-expanded") == "false"


def as_news(route: "Route") -> None:
    """Asks as somebody who has seen none of it, so that the answer is not empty."""
    route.continue_(url=re.sub(r"(seen|pulse)=\w+", r"\1=none", route.request.url))


class TestAnswersMeanwhile:
    """The choices come anew while somebody is at a list of theirs."""

    @pytest.fixture
    def page(self, opened) -> "Page":
        page: Page = opened()
        page.route("**/issue-types?*", as_news)
        return page

    @staticmethod
    def look(page: "Page") -> None:
        with page.expect_response("**/issue-types?*") as answer:
            page.evaluate("htmx.trigger(document.body, 'jira-look')")
        assert answer.value.status == 200
        answer.value.finished()
        page.wait_for_function("!document.querySelector('#choices').matches('.htmx-request')")

    def test_a_list_that_was_asked_for_still_opens(self, page: "Page"):
        held: list[Route] = []
        page.route("**/projects?query=*", lambda route: held.append(route))
        with page.expect_request("**/projects?query=*"):
            project(page).click()

        self.look(page)
        held[0].continue_()

        rows(page).filter(has_text="Mobile Apps").wait_for()

    def test_a_list_that_did_not_arrive_keeps_nothing_from_coming(self, page: "Page"):
        page.route("**/projects?query=*", lambda route: route.abort())
        project(page).click()
        page.get_by_text("The list did not arrive. Try again.").wait_for()
        page.locator("#choices").evaluate("each => each.classList.add('former')")

        self.look(page)

        page.locator("#choices:not(.former)").wait_for()
