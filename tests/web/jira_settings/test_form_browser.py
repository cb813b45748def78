"""The form of the Jira settings with scripts: what is marked, and where the focus stays."""

from app.extensions import db
from app.models import ProjectMapping
from tests.web.jira_settings.combobox import project, search


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


def test_what_is_changed_while_the_page_asks_jira_by_itself_stays(opened):
    page = opened()
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    held = []
    page.route("**/jira/projects", lambda route: held.append(route))
    with page.expect_request("**/jira/projects"):
        page.reload()

    page.get_by_label("Use Per-Team Overrides").check()
    with page.expect_response("**/jira/projects") as answer:
        held[0].continue_()
    answer.value.finished()
    with page.expect_response("**/jira/issue-types?*"):
        pass

    assert page.get_by_label("Use Per-Team Overrides").is_checked()
    assert page.locator("[data-changed-for=overrides]").is_visible()


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


# Each control comes from below into the window, as a browser scrolls what has the focus.
HIDDEN_BY_THE_BAR = """
    () => {
        const bar = document.querySelector(".savebar[data-dirty]");
        const found = document.querySelectorAll("[data-settings] :is(input, select, a, button)");
        const hidden = (control) => {
            scrollTo(0, 0);
            control.focus({ preventScroll: true });
            control.scrollIntoView({ block: "nearest" });
            if (document.activeElement !== control) return false;
            const [own, over] = [control.getBoundingClientRect(), bar.getBoundingClientRect()];
            return own.bottom > over.top && own.top < over.bottom;
        };
        const covered = [...found].filter((each) => !bar.contains(each) && hidden(each));
        return covered.map((each) => each.id || each.name);
    }
"""


def test_the_focus_is_never_under_the_save_bar(opened):
    page = opened(viewport={"width": 390, "height": 600}, reduced_motion="reduce")
    page.get_by_label("Use Per-Team Overrides").check()
    page.get_by_text("1 unsaved change:").wait_for()

    assert page.evaluate(HIDDEN_BY_THE_BAR) == []
