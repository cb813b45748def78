"""Undoing a change of where action items go: only while it stands, and only what Jira still has."""

import pytest

from app.extensions import db
from app.models import AuditEvent, ConnectionState, JiraIssueType, JiraProject, JiraSettings
from demo.jira_cloud.catalog.sites import SITES
from tests.support.acme import acme, team
from tests.support.atlassian import JIRA, LABS, connect, connection
from tests.support.pages import text_of
from tests.web.jira_settings.choices import (
    STORY,
    TASK,
    ask_for_types,
    chosen,
    mapping,
    project,
)

HISTORY = "/organizations/acme/settings/history"


@pytest.fixture
def changed(settings, work):
    """An admin who has chosen PLAT at first, and then MOB."""
    ask_for_types(settings, work, "PLAT", "MOB")
    settings.post(JIRA, chosen("PLAT"))
    settings.post(JIRA, chosen("MOB", STORY, version=1))
    work()
    assert where() == ("MOB", "Story")
    return settings


def where(team_name: str | None = None) -> tuple[str, str] | None:
    row = mapping(team_name)
    return (row.project_key, row.issue_type_name) if row else None


def last_save() -> AuditEvent:
    saved = db.session.query(AuditEvent).filter_by(action="jira.settings-saved")
    return saved.order_by(AuditEvent.id.desc()).first()


def undoing(part: str = "0", event: AuditEvent | None = None) -> str:
    return f"{HISTORY}/{(event or last_save()).id}/{part}/undoing"


def offers(answer) -> list[str]:
    return [each for each in answer.page.texts("a") if each.startswith("Undo…")]


def test_the_page_says_what_the_undo_changes(changed):
    answer = changed.get(undoing())

    rows = [" | ".join(map(text_of, row)) for row in answer.page.all("tr")]
    assert rows == [
        "Setting | Now | After the undo",
        "Project | MOB · Mobile Apps | PLAT · Platform Engineering",
        "Issue Type | Story | Task",
    ]
    assert "Ready" in answer.page.text
    assert "Issues that exist stay linked where they are." in answer.page.text
    assert answer.page.texts("button")[-1] == "Undo"


@pytest.mark.both_databases
def test_what_was_there_before_is_saved_and_checked(changed, work):
    answer = changed.post(undoing())

    assert answer.status_code == 303
    assert where() == ("PLAT", "Task")
    assert mapping().check_wanted_at is not None
    work()
    assert mapping().check_state == "ready"


def test_the_undo_is_a_change_as_well_and_stands_at_what_it_took_back(changed):
    event = last_save()

    changed.post(undoing())

    page = changed.get(HISTORY).page.text
    assert "Undone by Adam Novak" in page
    assert "MOB · Mobile Apps, Story to PLAT · Platform Engineering, Task" in page
    assert last_save().id > event.id
    assert last_save().user.name == "Adam Novak"


def test_only_what_still_stands_is_offered(changed):
    [_default, *none] = offers(changed.get(HISTORY))

    assert none == []
    assert "Changed again since: now MOB · Mobile Apps, Story" in changed.get(HISTORY).page.text


def test_what_was_changed_again_shows_the_difference_and_stays(changed):
    event = last_save()
    changed.post(JIRA, chosen("MOB", TASK, version=2))

    shown, tried = changed.get(undoing(event=event)), changed.post(undoing(event=event))

    assert "The change made it Now" in shown.page.text
    assert "Issue Type Story Task" in shown.page.text
    assert "Undo" not in shown.page.texts("button")
    assert tried.status_code == 409
    assert "changed again meanwhile, so nothing was undone" in tried.page.text
    assert where() == ("MOB", "Task")


def test_pressed_twice_it_is_undone_once(changed):
    url = undoing()

    answers = [changed.post(url).status_code for _ in range(2)]

    assert answers == [303, 409]
    assert where() == ("PLAT", "Task")


def test_what_jira_has_no_more_is_asked_for_and_refused(changed, jira, work):
    url = undoing()
    db.session.query(JiraProject).filter_by(key="PLAT").delete()
    db.session.commit()

    shown, tried = changed.get(url), changed.post(url)

    assert "Does not fit" in shown.page.text
    assert "Undo" not in shown.page.texts("button")
    assert tried.status_code == 422
    assert where() == ("MOB", "Story")


@pytest.mark.both_databases
def test_todays_jira_is_asked_while_the_page_waits(changed, work):
    url = undoing()
    plat = project("PLAT")
    plat.types_fetched_at = None
    db.session.query(JiraIssueType).filter_by(project_id=plat.project_id).delete()
    first = changed.get(url)
    token = first.page.by_id("proposal").get("hx-get").partition("?")[2]
    same = changed.get(f"{url}/check?{token}", htmx=True)
    work()
    later = changed.get(f"{url}/check?{token}", htmx=True)

    assert "Checking…" in first.page.text
    assert same.status_code == 204
    assert "Ready" in later.page.text
    assert later.page.by_id("proposal").get("hx-get") is None


def test_a_team_goes_back_to_the_default(changed, work):
    mobile = team("Mobile").id
    own = {
        "overrides": "on",
        f"project-{mobile}": project("PLAT").project_id,
        f"type-{mobile}": TASK,
    }
    changed.post(JIRA, chosen("MOB", STORY, version=2, **own))
    assert where("Mobile") == ("PLAT", "Task")

    answer = changed.post(undoing(str(mobile)))

    assert answer.status_code == 303
    assert where("Mobile") is None
    assert where() == ("MOB", "Story")
    assert settings_row().per_team_overrides is True


def test_teams_that_choose_no_more_choose_again(changed):
    changed.post(JIRA, chosen("MOB", STORY, version=2, overrides="on"))

    changed.post(undoing("overrides"))

    assert settings_row().per_team_overrides is False


def settings_row() -> JiraSettings:
    db.session.expire_all()
    return db.session.query(JiraSettings).one()


def test_the_first_choice_is_not_undone_into_nothing(settings, work):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, chosen("PLAT"))

    answer = settings.post(undoing())

    assert answer.status_code == 422
    assert "Choose the project that action items go to." in answer.page.text
    assert where() == ("PLAT", "Task")


@pytest.mark.parametrize("part", ["webhooks", "7", "nothing"])
def test_what_is_no_mapping_is_not_there(changed, part):
    assert changed.get(undoing(part)).status_code == 404
    assert changed.post(undoing(part)).status_code == 404


def test_a_change_of_another_organization_is_not_there(changed, signed_in):
    url = undoing().replace("/acme/", "/tiny/")

    assert signed_in("owner@tiny.test").get(url).status_code == 404


def test_what_another_site_was_chosen_for_is_not_undone(changed, jira):
    event = last_save()
    connect(changed, jira, sites=(LABS,))
    changed.post(f"{JIRA}/site", {"site": SITES[LABS].cloud_id, "confirmed": "yes"})

    assert offers(changed.get(HISTORY)) == []
    shown, tried = changed.get(undoing(event=event)), changed.post(undoing(event=event))

    assert "Another Jira site is connected now." in shown.page.text
    assert tried.status_code == 409


def test_without_jira_nothing_is_undone(changed):
    row = connection()
    row.state = ConnectionState.DISCONNECTED
    db.session.commit()

    shown, tried = changed.get(undoing()), changed.post(undoing())

    assert "Jira is not connected" in shown.page.text
    assert tried.status_code == 409
    assert acme().settings.version == 2
