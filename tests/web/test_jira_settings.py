"""The Jira settings page: what arrives from Jira, what can be chosen, and saving it."""

from typing import Any

import pytest

from app import queue
from app.extensions import db
from app.models import AuditEvent, CheckState, JiraProject, JiraSettings, ProjectMapping
from app.services.outbound import links
from tests.support.acme import sprint_14, team
from tests.support.atlassian import JIRA, LABS, connect, connection
from tests.support.pages import text_of
from tests.support.people import Person

TASK, STORY, EPIC, SUBTASK, CHANGE, ILLUSTRATION = (
    "10001", "10002", "10000", "10004", "10005", "10006",
)  # fmt: skip


@pytest.fixture
def settings(admin, jira, work) -> Person:
    """An admin who has connected, and whose project list has arrived."""
    connect(admin, jira)
    work()
    return admin


def project(key: str) -> JiraProject:
    return db.session.query(JiraProject).filter_by(key=key).one()


def chosen(key: str, issue_type: str = TASK, version: int = 0, **more: Any) -> dict[str, Any]:
    """The form with a default project and type."""
    return {"version": version, "project": project(key).project_id, "type": issue_type} | more


def ask_for_types(person: Person, work, *keys: str) -> None:
    """Choose projects one after the other, as the page does, and let Jira answer."""
    for key in keys:
        person.post(f"{JIRA}/issue-types", chosen(key), htmx=True)
    work()


def mapping(team_name: str | None = None) -> ProjectMapping | None:
    db.session.expire_all()
    team_id = team(team_name).id if team_name else None
    return db.session.query(ProjectMapping).filter_by(team_id=team_id).one_or_none()


def options(answer, field: str) -> dict[str, bool]:
    """The options of a select by their words, and whether they can be chosen."""
    select = next(each for each in answer.page.all("select") if each.get("name") == field)
    return {text_of(each): "disabled" not in each.attrib for each in select.iter("option")}


def test_the_page_is_there_before_jira_has_answered(admin, jira):
    connect(admin, jira)
    jira.control.set(down=True)

    answer = admin.get(JIRA)

    assert answer.status_code == 200
    assert "Loading projects from Jira…" in answer.page.text
    assert "every 1s" in answer.get_data(as_text=True)


def test_every_page_of_projects_arrives(settings):
    names = options(settings.get(JIRA), "project")

    assert len([name for name in names if "·" in name]) >= 63
    assert names["PLAT · Platform Engineering"]


def test_a_project_without_permission_is_disabled_with_the_reason(settings):
    names = options(settings.get(JIRA), "project")

    assert names["SEC · Security Reviews (no permission to create issues)"] is False


def test_when_everything_has_arrived_the_page_stops_asking(settings):
    triggers = settings.get(JIRA).page.values("hx-trigger")
    assert [each for each in triggers if each.startswith("every")] == []


def test_what_waited_for_a_project_goes_out_when_one_is_saved(settings, jira, work):
    ask_for_types(settings, work, "PLAT")
    links.commit_action_items(sprint_14())
    db.session.commit()
    queue.ring(connection().id)
    work()
    assert jira.control.issues() == []

    settings.post(JIRA, chosen("PLAT"))
    work()

    assert len(jira.control.issues()) == 5


@pytest.mark.both_databases
def test_typing_narrows_the_projects(settings):
    answer = settings.get(f"{JIRA}/projects?query=pla", htmx=True)

    rows = [each.get("data-label") for each in answer.page.all("li")]
    assert set(rows[:3]) == {
        "PLAT · Platform Engineering",
        "PLAY · Player Accounts",
        "PLAN · Planning and Forecasts",
    }
    assert set(rows[3:]) >= {"TPL · Template Library", "DPA · Data Platform Analytics"}


def test_without_typing_twenty_projects_are_offered(settings):
    answer = settings.get(f"{JIRA}/projects", htmx=True)

    assert len(answer.page.all("li")) == 20
    assert "Type to narrow" in answer.page.text


@pytest.mark.parametrize("query", ["%", "_", "\\", "' or 1=1", "ü" * 300])
def test_odd_searches_find_nothing_and_break_nothing(settings, query):
    answer = settings.get(f"{JIRA}/projects", query_string={"query": query}, htmx=True)

    assert answer.page.all("li") == []


def test_choosing_a_project_fetches_its_types(settings, work):
    waiting = settings.post(f"{JIRA}/issue-types", chosen("PLAT", ""), htmx=True)
    assert "Loading issue types from Jira…" in waiting.page.text

    work()

    address = f"{JIRA}/issue-types"
    answer = settings.get(address, query_string=chosen("PLAT", ""), htmx=True)
    types = options(answer, "type")
    assert types["Task"]
    assert types["Story"]
    assert types["Sub-task (needs a parent)"] is False
    assert types["Epic (groups other issues)"] is False


def test_a_type_with_a_field_that_unpack_does_not_fill_names_it(settings, work):
    ask_for_types(settings, work, "OPS")

    answer = settings.get(f"{JIRA}/issue-types", query_string=chosen("OPS", ""), htmx=True)

    blocked = [
        name for name, free in options(answer, "type").items() if "Change" in name and not free
    ]
    assert blocked
    assert "needs “" in blocked[0]


def test_a_poll_that_has_seen_everything_swaps_nothing(settings):
    html = settings.get(JIRA).get_data(as_text=True)
    seen = html.split("issue-types?seen=")[1].split('"')[0]
    form = {"seen": seen, "version": 0, "project": "", "type": ""}

    assert settings.get(f"{JIRA}/issue-types", query_string=form, htmx=True).status_code == 204
    form["overrides"] = "on"
    assert settings.get(f"{JIRA}/issue-types", query_string=form, htmx=True).status_code == 200


def test_without_scripts_choosing_a_project_comes_back_to_the_whole_page(settings, work):
    answer = settings.post(f"{JIRA}/issue-types", chosen("PLAT", "", overrides="on"))
    work()

    page = settings.get(answer.location)
    assert answer.status_code == 303
    assert options(page, "type")["Task"]
    assert "Changed" in page.page.text


@pytest.mark.parametrize("htmx", [False, True])
def test_saving_chooses_project_and_type(settings, work, htmx):
    ask_for_types(settings, work, "PLAT")

    answer = settings.post(JIRA, chosen("PLAT"), htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert (mapping().project_key, mapping().issue_type_name) == ("PLAT", "Task")
    assert mapping().check_wanted_at is not None
    event = db.session.query(AuditEvent).filter_by(action="jira.settings-saved").one()
    assert event.details["after"]["choices"] == {"0": [mapping().project_id, TASK]}


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


def test_a_type_that_cannot_be_used_is_refused_by_name(settings, work):
    ask_for_types(settings, work, "OPS")

    answer = settings.post(JIRA, chosen("OPS", CHANGE), htmx=True)

    assert answer.status_code == 422
    assert "which Unpack does not fill" in answer.page.text
    assert mapping() is None


def test_a_project_without_permission_is_refused(settings):
    answer = settings.post(JIRA, chosen("SEC"))

    assert answer.status_code == 422
    assert "Unpack Service may not create issues in SEC." in answer.page.text


def test_nothing_chosen_is_refused(settings):
    answer = settings.post(JIRA, {"version": 0, "project": "", "type": ""})

    assert answer.status_code == 422
    assert "Choose the project that action items go to." in answer.page.text


@pytest.mark.parametrize("junk", ["99999", "x' or 1=1 --", "0", "ü" * 500])
def test_ids_that_jira_never_gave_are_refused(settings, work, junk):
    ask_for_types(settings, work, "PLAT")

    assert settings.post(JIRA, chosen("PLAT") | {"project": junk}).status_code == 422
    assert settings.post(JIRA, chosen("PLAT", junk)).status_code == 422
    assert mapping() is None


def test_saving_works_while_jira_is_down_and_owes_the_check(settings, work, jira):
    ask_for_types(settings, work, "PLAT")
    jira.control.set(down=True)

    settings.post(JIRA, chosen("PLAT"))
    work()

    text = settings.get(JIRA).page.text
    assert mapping().project_key == "PLAT"
    assert "The check is owed. It runs as soon as Jira answers." in text
    assert "Jira did not answer. Your saved choice still counts." in text


def test_try_again_asks_jira_at_once(settings, work, jira):
    ask_for_types(settings, work, "PLAT")
    jira.control.set(down=True)
    settings.post(JIRA, chosen("PLAT"))
    work()
    jira.control.set(down=False)

    settings.post(f"{JIRA}/projects", chosen("PLAT", version=1), htmx=True)
    work()

    assert mapping().check_state is CheckState.READY


@pytest.mark.both_databases
def test_a_team_has_a_project_of_its_own(settings, work):
    ask_for_types(settings, work, "PLAT", "MOB")
    mobile = team("Mobile").id
    own = {f"project-{mobile}": project("MOB").project_id, f"type-{mobile}": STORY}

    settings.post(JIRA, chosen("PLAT", overrides="on", **own))

    assert mapping("Mobile").project_key == "MOB"
    assert mapping().project_key == "PLAT"
    assert db.session.query(JiraSettings).one().per_team_overrides


def test_use_the_default_forgets_a_teams_project(settings, work):
    ask_for_types(settings, work, "PLAT", "MOB")
    mobile = team("Mobile").id
    own = {f"project-{mobile}": project("MOB").project_id, f"type-{mobile}": STORY}
    settings.post(JIRA, chosen("PLAT", overrides="on", **own))

    none = {f"project-{mobile}": "", f"type-{mobile}": ""}
    settings.post(JIRA, chosen("PLAT", version=1, overrides="on", **none))

    assert mapping("Mobile") is None


def test_overrides_that_are_off_are_kept(settings, work):
    ask_for_types(settings, work, "PLAT", "MOB")
    mobile = team("Mobile").id
    own = {f"project-{mobile}": project("MOB").project_id, f"type-{mobile}": STORY}
    settings.post(JIRA, chosen("PLAT", overrides="on", **own))

    settings.post(JIRA, chosen("PLAT", version=1, **own))

    assert mapping("Mobile").project_key == "MOB"
    assert not db.session.query(JiraSettings).one().per_team_overrides


def test_the_second_admin_sees_what_the_first_one_saved(settings, signed_in, work):
    ask_for_types(settings, work, "PLAT", "OPS")
    signed_in("owner@acme.test").post(JIRA, chosen("PLAT"))

    answer = settings.post(JIRA, chosen("OPS", TASK, version=0), htmx=True)

    assert answer.status_code == 422
    assert "Olga Brandt saved these settings" in answer.page.text
    assert "PLAT · Platform Engineering, Task" in answer.page.text
    assert "OPS · Operations, Task" in answer.page.text
    assert mapping().project_key == "PLAT"


def test_keep_mine_saves_over_the_first_ones_choice(settings, signed_in, work):
    ask_for_types(settings, work, "PLAT", "OPS")
    signed_in("owner@acme.test").post(JIRA, chosen("PLAT"))
    settings.post(JIRA, chosen("OPS", TASK, version=0), htmx=True)

    settings.post(JIRA, chosen("OPS", TASK, version=1), htmx=True)

    assert mapping().project_key == "OPS"


def test_two_admins_who_chose_the_same_do_not_disagree(settings, signed_in, work):
    ask_for_types(settings, work, "PLAT")
    signed_in("owner@acme.test").post(JIRA, chosen("PLAT"))

    assert settings.post(JIRA, chosen("PLAT", version=0)).status_code == 303


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
