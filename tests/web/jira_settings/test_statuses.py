"""Choosing the status that an issue gets when its action item is completed or reopened here."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, JiraConnection, JiraIssueType
from tests.support.acme import team
from tests.support.atlassian import JIRA
from tests.web.jira_settings.choices import (
    STORY,
    TASK,
    chosen,
    mapping,
    options,
    project,
)

DONE, WONT, TO_DO, IN_PROGRESS = "10002", "10003", "10000", "10001"
HISTORY = "/organizations/acme/settings/history"


def statuses(completed: str = "", reopened: str = "") -> dict[str, str]:
    return {"completed": completed, "reopened": reopened}


def saved() -> tuple[str | None, ...]:
    row = mapping()
    return (
        row.completed_status_id,
        row.completed_status_name,
        row.reopened_status_id,
        row.reopened_status_name,
    )


def row_of(person) -> str:
    """What stands in the row of PLAT's tasks."""
    rows = [" ".join("".join(each.itertext()).split()) for each in person.get(JIRA).page.all("tr")]
    return next(row for row in rows if "Task in PLAT" in row)


def test_nothing_is_moved_until_somebody_chooses_so(platform):
    answer = platform.get(JIRA)

    assert saved() == (None, None, None, None)
    assert list(options(answer, "completed")) == ["Leave the issue as it is", "Done", "Won't do"]
    assert list(options(answer, "reopened")) == [
        "Leave the issue as it is",
        "To Do",
        "In Progress",
    ]
    assert "Nothing is moved" in answer.page.text


@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_chosen_is_kept_by_id_and_checked(platform, work, htmx):
    answer = platform.post(JIRA, chosen("PLAT", version=1, **statuses(DONE, TO_DO)), htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert saved() == (DONE, "Done", TO_DO, "To Do")
    assert mapping().check_wanted_at is not None
    work()
    assert row_of(platform).endswith("Ready")


def test_a_form_that_says_nothing_of_them_leaves_them(platform):
    platform.post(JIRA, chosen("PLAT", version=1, **statuses(WONT)))

    platform.post(JIRA, chosen("PLAT", version=2, webhooks="on"))

    assert saved()[0] == WONT


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        (statuses("77777"), "completed"),
        (statuses(TO_DO), "completed"),
        (statuses("", DONE), "reopened"),
    ],
)
def test_what_the_project_does_not_have_is_refused_at_its_field(platform, wrong, part):
    answer = platform.post(JIRA, chosen("PLAT", version=1, **wrong), htmx=True)

    assert answer.status_code == 422
    assert answer.page.by_id(part).get("aria-invalid") == "true"
    assert "PLAT has no such status for it any more. Choose another." in answer.page.text
    assert saved() == (None, None, None, None)


def test_another_project_takes_no_status_along(platform, work):
    platform.post(JIRA, chosen("PLAT", version=1, **statuses(DONE)))

    platform.post(JIRA, chosen("MOB", STORY, version=2))

    assert saved() == (None, None, None, None)


def test_what_jira_has_no_more_stays_until_somebody_chooses(platform):
    platform.post(JIRA, chosen("PLAT", version=1, **statuses(WONT)))
    for row in db.session.query(JiraIssueType).filter_by(project_id=project("PLAT").project_id):
        row.statuses = [each for each in row.statuses or [] if each["id"] != WONT]
    db.session.commit()

    answer = platform.get(JIRA)

    assert "Won't do (gone)" in options(answer, "completed")
    assert row_of(platform).endswith("Choose another")
    kept = platform.post(JIRA, chosen("PLAT", version=2, webhooks="on", **statuses(WONT)))
    assert kept.status_code == 303
    assert saved()[:2] == (WONT, "Won't do")


def test_a_team_with_a_project_of_its_own_chooses_its_own(platform, work):
    number = team("Mobile").id
    own = {f"project-{number}": project("MOB").project_id, f"type-{number}": STORY}
    form = chosen("PLAT", version=1, overrides="on", **own, **statuses(DONE))

    platform.post(JIRA, form | {f"completed-{number}": WONT, f"reopened-{number}": ""})

    assert mapping("Mobile").completed_status_id == WONT
    assert mapping().completed_status_id == DONE


def test_who_may_not_move_issues_is_amber(platform, jira, work):
    jira.control.deny("TRANSITION_ISSUES", project="PLAT")
    platform.post(JIRA, chosen("PLAT", version=1, **statuses(DONE)))
    work()

    text = platform.get(JIRA).page.text

    assert "May not move" in text
    assert "Unpack Service lacks Transition Issues in PLAT." in text


def test_without_the_switch_nobody_is_told_of_that_permission(platform, jira, work):
    jira.control.deny("TRANSITION_ISSUES", project="PLAT")
    platform.post(f"{JIRA}/checks")
    work()

    assert "May not move" not in platform.get(JIRA).page.text


def test_statuses_that_nobody_has_read_are_asked_for(platform, work):
    for row in db.session.query(JiraIssueType):
        row.statuses = None
    project("PLAT").types_fetched_at = utcnow() - timedelta(days=1)
    db.session.commit()
    assert "Jira has not told us its statuses yet" in platform.get(JIRA).page.text

    platform.post(f"{JIRA}/projects", {"version": "1"}, htmx=True)
    work()

    assert "Done" in options(platform.get(JIRA), "completed")


def test_the_history_names_them_and_takes_them_back(platform):
    platform.post(JIRA, chosen("PLAT", version=1, **statuses(DONE)))
    text = platform.get(HISTORY).page.text

    assert "When completed here, of the default" in text
    event = (
        db.session.query(AuditEvent)
        .filter_by(action="jira.settings-saved")
        .order_by(AuditEvent.id.desc())
        .first()
    )
    assert event.details["after"]["statuses"] == {"0": [DONE, ""]}

    answer = platform.post(f"{HISTORY}/{event.id}/completed-0/undoing")

    assert answer.status_code == 303
    assert saved() == (None, None, None, None)


def test_a_resolution_of_the_site_may_be_chosen_to_go_along(platform):
    assert list(options(platform.get(JIRA), "resolution")) == [
        "Whichever Jira suggests",
        "Done",
        "Won't Do",
    ]

    platform.post(JIRA, chosen("PLAT", version=1, **statuses(DONE), resolution="10001"))

    assert (mapping().completed_resolution_id, mapping().completed_resolution_name) == (
        "10001",
        "Won't Do",
    )
    page = platform.get(JIRA).page
    [selected] = [
        one for one in page.by_id("resolution").iter("option") if one.get("selected") == ""
    ]
    assert selected.get("value") == "10001"


def test_a_team_chooses_its_own_resolution(platform, work):
    number = team("Mobile").id
    own = {f"project-{number}": project("MOB").project_id, f"type-{number}": STORY}
    theirs = {
        f"completed-{number}": DONE,
        f"reopened-{number}": "",
        f"resolution-{number}": "10000",
    }

    platform.post(
        JIRA, chosen("PLAT", version=1, overrides="on", **own, **theirs, **statuses(DONE))
    )

    assert mapping("Mobile").completed_resolution_id == "10000"
    assert mapping().completed_resolution_id is None


@pytest.mark.parametrize("htmx", [False, True])
def test_a_resolution_that_jira_has_not_got_is_refused_at_its_field(platform, htmx):
    form = chosen("PLAT", version=1, **statuses(DONE), resolution="77")

    answer = platform.post(JIRA, form, htmx=htmx)

    assert answer.status_code == 422
    assert answer.page.by_id("resolution").get("aria-invalid") == "true"
    assert "Jira has no such resolution any more. Choose another." in answer.page.text
    assert saved() == (None, None, None, None)


def test_a_resolution_that_is_gone_stays_until_somebody_chooses(platform):
    platform.post(JIRA, chosen("PLAT", version=1, **statuses(DONE), resolution="10001"))
    connected = db.session.query(JiraConnection).one()
    connected.resolutions = [each for each in connected.resolutions if each["id"] != "10001"]
    db.session.commit()

    assert "Won't Do (gone)" in options(platform.get(JIRA), "resolution")
    assert row_of(platform).endswith("Choose another")
    again = chosen("PLAT", version=2, **statuses(DONE), resolution="10001", webhooks="on")
    assert platform.post(JIRA, again).status_code == 303
    assert mapping().completed_resolution_name == "Won't Do"


def test_where_jira_refuses_to_tell_resolutions_none_is_offered(platform, jira, work):
    db.session.query(JiraConnection).one().resolutions = None
    db.session.commit()
    jira.control.fault("status", "resolutions", status=403, body={"errorMessages": ["No."]})
    platform.post(f"{JIRA}/projects", {"version": "1"}, htmx=True)
    work()

    page = platform.get(JIRA).page

    assert "resolution" not in [each.get("id") for each in page.all("select")]
    assert list(options(platform.get(JIRA), "completed"))[1:] == ["Done", "Won't do"]
    assert db.session.query(JiraConnection).one().resolutions == []


def test_a_refusal_to_tell_them_keeps_what_was_read(platform, jira, work):
    jira.control.fault("status", "resolutions", status=403, body={"errorMessages": ["No."]})
    platform.post(f"{JIRA}/projects", {"version": "1"}, htmx=True)
    work()

    assert "Won't Do" in options(platform.get(JIRA), "resolution")


def test_the_history_names_the_resolution_and_takes_it_back(platform):
    platform.post(JIRA, chosen("PLAT", version=1, **statuses(DONE)))
    platform.post(JIRA, chosen("PLAT", version=2, **statuses(DONE), resolution="10001"))

    text = platform.get(HISTORY).page.text
    assert "Resolution when completed here, of the default" in text
    assert "Whichever Jira suggests" in text
    assert "Won't Do" in text
    latest = db.session.query(AuditEvent).filter_by(action="jira.settings-saved")
    event = latest.order_by(AuditEvent.id.desc()).first()
    answer = platform.post(f"{HISTORY}/{event.id}/resolution-0/undoing")

    assert answer.status_code == 303
    assert mapping().completed_resolution_id is None
    assert saved()[0] == DONE


def test_two_admins_at_once_are_told_apart(platform):
    platform.post(JIRA, chosen("PLAT", version=1, **statuses(DONE)))

    answer = platform.post(JIRA, chosen("PLAT", TASK, version=1, **statuses(WONT)), htmx=True)

    assert answer.status_code == 422
    cells = answer.page.by_id("conflict").iter("td")
    rows = [" ".join("".join(each.itertext()).split()) for each in cells]
    assert rows == ["When completed here", "Done", "Won't do"]
    assert saved()[0] == DONE
