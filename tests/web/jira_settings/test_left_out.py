"""*Do not sync*, the third choice of a team's override."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent
from app.services.settings.drafts import DO_NOT_SYNC
from tests.support.acme import items, link, sprint_14, team
from tests.support.atlassian import JIRA
from tests.web.jira_settings.choices import STORY, ask_for_types, chosen, mapping, options, project


def left_out(version: int = 0, **more):
    platform = team().id
    own = {f"project-{platform}": DO_NOT_SYNC}
    return chosen("PLAT", version=version, overrides="on", **(own | more))


@pytest.mark.both_databases
def test_it_is_saved_said_and_recorded(settings, work):
    ask_for_types(settings, work, "PLAT")
    link(items()[0])
    db.session.commit()

    settings.post(JIRA, left_out())

    assert team().do_not_sync
    page = settings.get(JIRA).page
    assert "Not synced" in page.text
    assert "1 action item keeps its issue. Nothing more is sent" in page.text
    event = db.session.query(AuditEvent).filter_by(action="jira.settings-saved").one()
    assert event.details["after"]["choices"][str(team().id)] == ["", "", False]
    history = settings.get("/organizations/acme/settings/history").page.text
    assert "Do not sync" in history


def test_it_forgets_a_project_of_its_own(settings, work):
    ask_for_types(settings, work, "PLAT", "MOB")
    platform = team().id
    own = {f"project-{platform}": project("MOB").project_id, f"type-{platform}": STORY}
    settings.post(JIRA, chosen("PLAT", overrides="on", **own))

    settings.post(JIRA, left_out(version=1))

    assert mapping("Platform") is None
    assert team().do_not_sync


def test_lifting_it_says_what_goes_out(settings, work):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, left_out())
    link(items()[0], due_at=utcnow())
    db.session.commit()
    platform = team().id

    lifted = left_out(1, **{f"project-{platform}": ""})
    answer = settings.get(JIRA, query_string=lifted)
    assert "1 action item that waits goes out once this is saved." in answer.page.text

    settings.post(JIRA, lifted)
    assert not team().do_not_sync


def test_the_default_cannot_be_left_out(settings, work):
    ask_for_types(settings, work, "PLAT")

    answer = settings.post(JIRA, chosen("PLAT") | {"project": DO_NOT_SYNC})

    assert answer.status_code == 422


def test_undo_brings_it_back(settings, work):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, left_out())
    event = db.session.query(AuditEvent).filter_by(action="jira.settings-saved").one()
    undoing = f"/organizations/acme/settings/history/{event.id}/{team().id}/undoing"
    assert "Do not sync" in settings.get(undoing).page.text

    settings.post(undoing)

    db.session.expire_all()
    assert not team().do_not_sync


def test_the_panel_says_that_the_team_does_not_sync(settings, work):
    ask_for_types(settings, work, "PLAT")
    settings.post(JIRA, left_out())

    text = settings.get(f"/retrospectives/{sprint_14().id}").page.text

    assert "Platform does not sync with Jira. Commit creates no issues." in text


def test_it_can_be_chosen_without_script(settings, work):
    ask_for_types(settings, work, "PLAT")

    offered = options(settings.get(JIRA), f"project-{team().id}")

    assert offered["Do not sync"]
