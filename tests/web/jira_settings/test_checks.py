"""What Jira's checks say of the choices, and what vanished there."""

import pytest

from app.extensions import db
from app.models import CheckState
from tests.support.atlassian import JIRA, LABS, connect, connection
from tests.web.jira_settings.choices import (
    STORY,
    TASK,
    ask_for_types,
    chosen,
    mapping,
    options,
    project,
)


def test_a_saved_choice_is_checked_with_jira(settings, work):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, chosen("PLAT"))
    assert "Checking…" in settings.get(JIRA).page.text

    work()

    assert mapping().check_state is CheckState.READY
    assert "Creating is allowed, no required field is missing." in settings.get(JIRA).page.text


def test_a_missing_due_date_limits_a_choice(settings, work):
    ask_for_types(settings, work, "MOB")
    settings.post(JIRA, chosen("MOB", STORY))
    work()

    text = settings.get(JIRA).page.text

    assert mapping().check_state is CheckState.LIMITED
    assert "No due date" in text
    assert "Story in MOB has no due date on its screen. Issues are created without one." in text
    assert "Not in MOB: its screen has no due date." in text


def test_a_lost_permission_blocks_a_choice(settings, work, jira):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, chosen("PLAT"))
    jira.control.deny("CREATE_ISSUES", project="PLAT")
    work()

    assert mapping().check_state is CheckState.BLOCKED
    assert "may not create issues in PLAT" in settings.get(JIRA).page.text


def test_try_again_asks_jira_at_once(settings, work, jira):
    ask_for_types(settings, work, "PLAT")
    jira.control.set(down=True)
    settings.post(JIRA, chosen("PLAT"))
    work()
    jira.control.set(down=False)

    settings.post(f"{JIRA}/projects", chosen("PLAT", version=1), htmx=True)
    work()

    assert mapping().check_state is CheckState.READY


def test_a_project_that_vanished_stays_visible(settings, work):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, chosen("PLAT"))
    work()
    gone = mapping().project_id
    db.session.delete(project("PLAT"))

    page = settings.get(JIRA)

    assert "PLAT · Platform Engineering (gone)" in options(page, "project")
    again = settings.post(JIRA, {"version": 1, "project": gone, "type": TASK, "overrides": "on"})
    assert again.status_code == 303


def test_an_archived_project_is_not_called_gone_nor_a_matter_of_rights(settings, work, jira):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, chosen("PLAT"))
    work()
    jira.control.archive_project("PLAT")

    settings.post(f"{JIRA}/checks")
    work()

    answer = settings.get(JIRA)
    assert "PLAT · Platform Engineering (archived)" in options(answer, "project")
    assert "Archived in Jira" in answer.page.texts("span")
    assert "PLAT is archived in Jira." in answer.page.text
    assert "for the permission" not in answer.page.text


def test_a_type_that_vanished_stays_visible(settings, work, jira):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, chosen("PLAT"))
    jira.control.remove_type("Task", project="PLAT")
    work()

    page = settings.get(JIRA)

    assert mapping().check_state is CheckState.BLOCKED
    assert "Task (gone)" in options(page, "type")
    assert "PLAT no longer has the issue type Task." in page.page.text


def test_check_now_looks_at_everything_again(settings, work, jira):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, chosen("PLAT"))
    work()
    jira.control.deny("CREATE_ISSUES", project="PLAT")

    answer = settings.post(f"{JIRA}/checks", htmx=True)
    assert "checking…" in answer.page.text
    work()

    assert mapping().check_state is CheckState.BLOCKED


def test_choices_on_another_site_are_readable_and_not_used(settings, work, jira):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, chosen("PLAT"))
    connect(settings, jira, (LABS,))
    settings.post(f"{JIRA}/site", {"site": _labs(), "confirmed": "yes"})
    work()

    page = settings.get(JIRA)

    assert "Before: PLAT · Platform Engineering, on another site." in page.page.text
    assert "LAB · Lab Notes" in options(page, "project")
    assert "PLAT · Platform Engineering" not in options(page, "project")


def test_being_asked_to_slow_down_is_said_as_a_pause(settings, work, jira):
    jira.control.fault("rate_limit", retry_after=600, times=1)

    settings.post(f"{JIRA}/checks", {})
    work()
    page = settings.get(JIRA).page.text

    assert "Jira asked us to slow down until" in page
    assert "check waits until" in page
    assert "Jira did not answer" not in page


def test_a_dead_grant_is_said_on_the_page(settings, work, jira):
    jira.control.revoke()
    settings.post(f"{JIRA}/checks")
    work()

    text = settings.get(JIRA).page.text
    assert "Atlassian no longer accepts Unpack’s access to" in text
    assert "Reconnect" in text


@pytest.mark.parametrize("email", ["member1@acme.test", "owner@tiny.test"])
def test_others_do_not_find_the_page(settings, signed_in, email):
    other = signed_in(email)

    assert other.get(JIRA).status_code == 404
    assert other.post(JIRA, {"version": 0}).status_code == 404
    assert connection() is not None


def _labs() -> str:
    from demo.jira_cloud.catalog.sites import SITES

    return SITES[LABS].cloud_id


def test_without_permission_no_issue_type_is_called_gone(settings, work, jira):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, chosen("PLAT"))
    jira.control.deny("CREATE_ISSUES")
    settings.post(f"{JIRA}/checks")
    work()

    assert "(gone)" not in settings.get(JIRA).page.text
