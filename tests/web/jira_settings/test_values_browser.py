"""A project whose type demands five fields is set up in a browser, previewed and committed."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from app.extensions import db
from demo.jira_cloud.catalog.fields import KINDS
from tests.support import factories
from tests.support.acme import items, sprint_14, team
from tests.support.atlassian import JIRA, connect
from tests.web.jira_settings.choices import chosen
from tests.web.jira_settings.combobox import project as project_box
from tests.web.jira_settings.typed import values_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOST_CHOICES = 12
MAYA = "5c2e4f1a9d3b7a0e6c8d1f25"
COLOUR, PLACE, SPONSOR = (KINDS[kind].id for kind in ("select", "cascading", "user"))


class Admin:
    """Somebody at the settings, whose choices and Saves are counted, and whose pages are."""

    def __init__(self, page: "Page", work: Callable[[], Any], *, scripted: bool) -> None:
        self.page, self.work, self.scripted = page, work, scripted
        self.choices = self.saves = 0
        self.left: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Any) -> None:
        path = "/" + request.url.split("/", 3)[3].split("?")[0]
        if request.method == "POST" and path == JIRA:
            self.saves += 1
        if request.is_navigation_request():
            self.left.append(path)

    def choose(self, control: "Locator", label: str) -> None:
        self.choices += 1
        control.select_option(label=label)

    def type_in(self, control: "Locator", text: str) -> None:
        self.choices += 1
        control.fill(text)

    def choose_project(self, key: str) -> None:
        if self.scripted:
            self.type_in(project_box(self.page), key.lower())
            self.page.get_by_role("option").first.wait_for()
            with posted(self.page, f"{JIRA}/issue-types"):
                project_box(self.page).press("Enter")
            self.work()
        else:
            self.choose(self.page.locator("select#project"), f"{key} · Core Services")
            with posted(self.page, f"{JIRA}/issue-types"):
                self.page.get_by_role("button", name="Show its issue types").first.click()
            self.work()
            self.page.get_by_role("link", name="Refresh").click()
        types = self.page.get_by_label("Issue Type", exact=True)
        types.get_by_text("Task", exact=True).wait_for(state="attached")
        self.choose(types, "Task")
        if not self.scripted:
            self.page.get_by_role("button", name="Show what the chosen type has").click()

    def choose_person(self, name: str, full_name: str) -> None:
        label = "Sponsor"
        if self.scripted:
            box = self.page.locator("input").and_(
                self.page.get_by_role("combobox", name=label, exact=True)
            )
            self.type_in(box, name)
            self.page.get_by_role("option", name=full_name).wait_for()
            box.press("Enter")
            return
        self.page.get_by_role("textbox", name=f"Search for {label}").fill(name)
        self.page.get_by_role("button", name=f"Search for {label}").click()
        self.choose(self.page.locator(f"select#{SPONSOR}"), full_name)

    def fill_in(self) -> None:
        """What the type demands, and it alone: its fields have come by themselves."""
        page = self.page
        page.locator("#values").get_by_text("Required").nth(4).wait_for()
        self.choose(page.get_by_label("Colour", exact=True), "Red")
        self.choose(page.locator(f"select#{PLACE}"), "Germany")
        if self.scripted:  # the second level has come with the first
            page.locator(f"[id='{PLACE}-1'] optgroup").nth(1).wait_for(state="detached")
        self.choose(page.get_by_label("Place, second level"), "Munich")
        self.choices += 1
        page.get_by_label("Web", exact=True).check()
        self.choose_person("maya", "Maya Lindqvist")
        self.type_in(page.get_by_role("textbox", name="Labels", exact=True), "retro team-{team}")

    def save(self) -> None:
        with posted(self.page, JIRA):
            self.page.get_by_role("button", name="Save Settings").click()
        self.page.get_by_text("by Adam Novak.").wait_for()
        self.work()


@pytest.fixture
def opened(admin, jira, work, app: Flask, address: str, new_page) -> Callable[..., Admin]:
    connect(admin, jira)
    work()

    def open_page(**options: Any) -> Admin:
        page = new_page(**options)
        page.goto(f"{address}/sign-in?next={JIRA}")
        page.get_by_role("button", name="admin@acme.test").click()
        page.get_by_role("heading", name="Jira settings").wait_for()
        page.wait_for_load_state()
        return Admin(page, work, scripted=options.get("java_script_enabled", True))

    return open_page


def posted(page: "Page", path: str) -> Any:
    """Until a POST to the path is answered: only then does a job wait that it has queued."""
    return page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.url.split("?")[0].endswith(path)
    )


def commit(admin: Admin, retrospective: int, address: str) -> str:
    """From the page before Commit, whose words it gives, until the issues are there."""
    admin.page.goto(f"{address}/retrospectives/{retrospective}/commit")
    admin.page.get_by_text("also gets").first.wait_for()
    words = admin.page.locator("main").inner_text()
    with posted(admin.page, f"/retrospectives/{retrospective}/phase"):
        admin.page.get_by_role("button", name=re.compile("^Commit")).first.click()
    admin.work()
    return " ".join(words.split())


def of(jira: Any, key: str) -> list[dict[str, Any]]:
    """The fields of the stand-in's issues of a project."""
    return [each["fields"] for each in jira.control.issues() if each["key"].startswith(key)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_five_fields_that_a_type_demands_are_set_up_and_sent(script, opened, jira, address):
    admin = opened(java_script_enabled=script)
    admin.left.clear()
    admin.choose_project("CORE")
    admin.fill_in()
    admin.save()

    print(f"{admin.choices} choices, {admin.saves} Save")
    assert admin.choices <= MOST_CHOICES
    assert admin.saves == 1
    assert all(path.startswith(JIRA) for path in admin.left)
    assert not script or admin.left == []

    retrospective = sprint_14().id
    db.session.rollback()
    preview = commit(admin, retrospective, address)
    for words in ("Colour Red", "Place Germany, Munich", "Components Web", "Sponsor Maya"):
        assert words in preview
    assert "Labels retro team-Platform" in preview

    sent = of(jira, "CORE")
    assert len(sent) == 5
    assert {each["summary"] for each in sent} == {item.title for item in items()}
    for each in sent:
        assert each[COLOUR] == "10200"
        assert each[PLACE] == ["10240", "10242"]
        assert [*each["components"]] == ["100701"]
        assert each[SPONSOR] == MAYA
        assert sorted(each["labels"]) == ["retro", "team-Platform"]


def test_a_team_with_another_project_has_other_values(opened, jira, address, admin, work):
    admin.post(f"{JIRA}/issue-types", chosen("KIND"), htmx=True)
    work()
    default = values_of(**{"labels": "everybody"})
    assert admin.post(JIRA, chosen("KIND") | default).status_code == 303
    work()
    mobile, platform = factories.retrospective(team("Mobile")), sprint_14()
    factories.action_item(mobile, "Ask the app’s users")
    page_of_mobile, mobile_id, platform_id = team("Mobile").id, mobile.id, platform.id
    db.session.commit()
    browser = opened()
    page = browser.page

    page.get_by_label("Use Per-Team Overrides").check()
    box = project_box(page, "Project for Mobile")
    box.fill("plat")
    page.get_by_role("option", name="Platform Engineering").wait_for()
    with posted(page, f"{JIRA}/issue-types"):
        box.press("Enter")
    work()
    types = page.get_by_label("Issue Type for Mobile")
    types.get_by_text("Task", exact=True).wait_for(state="attached")
    types.select_option(label="Task")
    browser.save()
    page.goto(f"{address}{JIRA}/field-values/{page_of_mobile}")
    add = page.locator("input").and_(page.get_by_role("combobox", name="Add field"))
    add.fill("prio")
    page.get_by_role("option", name="Priority").wait_for()
    add.press("Enter")
    page.get_by_label("Priority", exact=True).select_option(label="High")
    page.get_by_role("button", name="Save field values").click()
    page.get_by_text("Field values saved.").wait_for()
    work()

    assert "Priority High" in commit(browser, mobile_id, address)
    assert "Labels everybody" in commit(browser, platform_id, address)
    assert [each["priority"] for each in of(jira, "PLAT")] == ["2"]
    assert [each["labels"] for each in of(jira, "PLAT")] == [[]]
    assert [each["labels"] for each in of(jira, "KIND")] == [["everybody"]] * 5


def test_a_row_comes_and_goes_with_the_focus_among_the_rows(opened, admin, work):
    """Whoever presses a key or a button there has the focus there."""
    admin.post(f"{JIRA}/issue-types", chosen("PLAT"), htmx=True)
    work()
    assert admin.post(JIRA, chosen("PLAT")).status_code == 303
    work()
    page = opened().page

    add = page.locator("#values input").and_(page.get_by_role("combobox", name="Add field"))
    add.fill("prio")
    page.get_by_role("option", name="Priority").wait_for()
    add.press("Enter")
    page.get_by_label("Priority", exact=True).wait_for()
    page.get_by_role("button", name="Remove Priority").press("Enter")

    page.get_by_label("Priority", exact=True).wait_for(state="detached")
