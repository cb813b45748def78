"""Typing into the list of projects before its answer is there."""

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, ProjectMapping, WorkKind
from tests.web.jira_settings.combobox import project

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route


def test_enter_waits_for_the_list_and_then_chooses(opened):
    page: Page = opened()
    held: list[Route] = []
    page.route("**/projects?query=*", lambda route: held.append(route))
    with page.expect_request("**/projects?query=planning"):
        project(page).fill("planning")

    project(page).press("Enter")
    assert project(page).input_value() == "planning"
    assert page.get_by_text("Not saved.").count() == 0
    for route in held:
        route.continue_()

    expect(project(page)).to_have_value("PLAN · Planning and Forecasts")
    assert db.session.query(ProjectMapping).count() == 0


def test_what_is_typed_before_jira_has_told_its_projects_is_searched_for_then(opened):
    page: Page = opened()
    connection = db.session.query(JiraConnection).one()
    connection.projects_fetched_at = None
    connection.works[WorkKind.METADATA].due_at = utcnow()
    db.session.commit()
    page.reload()
    page.wait_for_load_state()
    field = page.get_by_label("Default Project", exact=True)
    field.fill("mob")

    connection.projects_fetched_at = utcnow()
    db.session.commit()

    page.get_by_role("option", name="Mobile Apps").wait_for()
    assert project(page).input_value() == "mob"
    assert page.evaluate("document.activeElement.id") == "project"
    project(page).press("Enter")
    expect(project(page)).to_have_value("MOB · Mobile Apps")
