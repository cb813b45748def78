"""The Jira settings in a browser: the list that is searched by typing, and the save bar."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.clock import utcnow
from app.extensions import db
from app.models import JiraIssueType, JiraProject, ProjectMapping
from tests.support.acme import connect
from tests.support.atlassian import JIRA

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROJECTS = {
    "PLAT": "Platform Engineering",
    "PLAN": "Planning and Forecasts",
    "MOB": "Mobile Apps",
    "SEC": "Security Reviews",
}
SCREEN = ("summary", "description", "duedate", "assignee")


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The app on a port of its own, in this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()


def remember_jira() -> None:
    """Four projects with two types each, as a job would have read them."""
    connection = connect()
    connection.projects_fetched_at = utcnow()
    for number, (key, name) in enumerate(PROJECTS.items()):
        project_id = str(10000 + number)
        db.session.add(
            JiraProject(
                connection_id=connection.id,
                project_id=project_id,
                key=key,
                name=name,
                may_create=key != "SEC",
                types_fetched_at=utcnow() + timedelta(minutes=1),
            )
        )
        for type_id, type_name in (("1", "Task"), ("2", "Sub-task")):
            db.session.add(
                JiraIssueType(
                    connection_id=connection.id,
                    project_id=project_id,
                    issue_type_id=type_id,
                    name=type_name,
                    subtask=type_id == "2",
                    hierarchy_level=-1 if type_id == "2" else 0,
                    fields=[
                        {"id": id, "name": id, "required": False, "has_default": False}
                        for id in SCREEN
                    ],
                )
            )
    db.session.commit()


@pytest.fixture
def opened(sample, app: Flask, address: str, new_page) -> Callable[..., "Page"]:
    """Gives the settings page as the admin sees it."""

    def open_page(**options) -> "Page":
        remember_jira()
        page = new_page(**options)
        page.goto(f"{address}/sign-in?next={JIRA}")
        page.get_by_role("textbox", name="E-mail").fill("admin@acme.test")
        page.get_by_label("Password").fill("unpack-demo")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("heading", name="Jira settings").wait_for()
        return page

    return open_page


def project(page: "Page", label: str = "Default Project"):
    # The input that takes the select's place: before the script has run there is only the select.
    named = page.get_by_role("combobox", name=label, exact=True)
    return page.locator("input").and_(named)


def rows(page: "Page"):
    return page.get_by_role("listbox", name="Default Project").get_by_role("option")


def search(page: "Page", text: str) -> None:
    project(page).fill(text)
    page.locator(".combo-foot", has_text=" of ").or_(
        page.locator(".combo-foot", has_text="None")
    ).first.wait_for()


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


def test_choosing_and_saving_without_leaving_the_page(opened):
    page = opened()
    search(page, "plat")
    project(page).press("Enter")
    types = page.get_by_label("Issue Type", exact=True)
    types.get_by_text("Task", exact=True).wait_for(state="attached")
    types.select_option(label="Task")
    page.get_by_text("2 unsaved changes:").wait_for()

    page.get_by_role("button", name="Save Settings").click()

    page.get_by_text("by Adam Novak.").wait_for()
    assert page.locator(".savebar[data-dirty]").count() == 0
    db.session.rollback()
    saved = db.session.query(ProjectMapping).one()
    assert (saved.project_key, saved.issue_type_name) == ("PLAT", "Task")


def test_a_change_marks_its_field_and_is_listed_until_it_is_taken_back(opened):
    page = opened()

    page.get_by_label("Use Per-Team Overrides").check()
    page.get_by_text("1 unsaved change:").wait_for()
    assert page.locator("[data-changed-for=overrides]").is_visible()

    page.get_by_label("Use Per-Team Overrides").uncheck()
    page.get_by_text("Nothing is saved yet.").wait_for()
    assert page.locator("[data-changed-for=overrides]").is_hidden()


def test_an_error_takes_the_focus(opened):
    page = opened()
    search(page, "plat")
    project(page).press("Enter")
    page.get_by_label("Issue Type", exact=True).get_by_text("Task", exact=True).wait_for(
        state="attached"
    )

    page.get_by_role("button", name="Save Settings").click()

    page.get_by_text("Choose an issue type of PLAT.").wait_for()
    assert page.evaluate("document.activeElement.name") == "type"


def test_without_scripts_plain_lists_do(opened):
    page = opened(java_script_enabled=False)

    page.locator("select#project").select_option(label="MOB · Mobile Apps")
    page.get_by_role("button", name="Show its issue types").first.click()
    page.locator("select#type").select_option(label="Task")
    page.get_by_role("button", name="Save Settings").click()

    page.get_by_text("by Adam Novak.").wait_for()
    db.session.rollback()
    assert db.session.query(ProjectMapping).one().project_key == "MOB"


def test_the_switches_of_what_comes_back_are_changes_like_any_other(opened):
    page = opened()

    page.get_by_role("switch", name="Enable Jira Webhooks").check()
    page.get_by_role("switch", name="Due date").check()

    changes = "2 unsaved changes: Enable Jira Webhooks, Take over the due date"
    page.locator(".savebar").get_by_text(changes).wait_for()
    assert page.locator("#webhooks .changed:visible").count() == 2


def test_saving_with_the_keyboard_leaves_the_focus_on_the_button(opened):
    page = opened()
    search(page, "plat")
    project(page).press("Enter")
    types = page.get_by_label("Issue Type", exact=True)
    types.get_by_text("Task", exact=True).wait_for(state="attached")
    types.select_option(label="Task")

    page.get_by_role("button", name="Save Settings").press("Enter")

    page.get_by_text("by Adam Novak.").wait_for()
    page.wait_for_function("() => document.activeElement.id === 'save-settings'")


def test_checking_with_the_keyboard_leaves_the_focus_on_the_button(opened):
    page = opened()

    with page.expect_response("**/checks"):
        page.get_by_role("button", name="Check now").press("Enter")

    page.get_by_text("checking…").wait_for()
    page.wait_for_function("() => document.activeElement.id === 'check-now'")
