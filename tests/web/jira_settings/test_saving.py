"""Saving the choices: what is refused, teams of their own, and two admins at once."""

import pytest

from app import queue
from app.extensions import db
from app.models import AuditEvent, JiraPerson, JiraSettings, Membership
from app.services.outbound import links
from tests.support.acme import acme, sprint_14, team
from tests.support.atlassian import JIRA, connection
from tests.web.jira_settings.choices import (
    CHANGE,
    STORY,
    TASK,
    ask_for_types,
    chosen,
    mapping,
    project,
)


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


@pytest.mark.parametrize("htmx", [False, True])
def test_saving_chooses_project_and_type(settings, work, htmx):
    ask_for_types(settings, work, "PLAT")

    answer = settings.post(JIRA, chosen("PLAT"), htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert (mapping().project_key, mapping().issue_type_name) == ("PLAT", "Task")
    assert mapping().check_wanted_at is not None
    event = db.session.query(AuditEvent).filter_by(action="jira.settings-saved").one()
    assert event.details["after"]["choices"] == {"0": [mapping().project_id, TASK]}


def test_a_type_that_cannot_be_used_is_refused_by_name(settings, work, jira):
    jira.control.add_field("app", "OPS", type="Change", required=True)
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


def test_saving_a_choice_has_the_members_looked_up(settings, work):
    ask_for_types(settings, work, "PLAT")
    db.session.query(JiraPerson).delete()

    settings.post(JIRA, chosen("PLAT"))
    work()

    members = db.session.query(Membership).filter_by(organization_id=acme().id)
    assert db.session.query(JiraPerson).count() == members.count()
