"""Switching webhooks on and off."""

from typing import Any

from app.extensions import db
from app.models import (
    AuditEvent,
    JiraSettings,
)
from tests.support.atlassian import JIRA
from tests.web.webhook_settings.switches import enable, registered

ALL_ON = {
    "webhooks": "on",
    "take-over-title": "on",
    "take-over-assignee": "on",
    "take-over-due-date": "on",
}


def form(version: int = 0, **more: Any) -> dict[str, Any]:
    """The settings as they are saved, with `more` filled in."""
    return {"version": version, "project": "10001", "type": "10101"} | more


def saved() -> JiraSettings:
    db.session.expire_all()
    return db.session.query(JiraSettings).one()


def test_what_is_enabled_is_brought_about_by_a_job(admin, connection, queued):
    answer = admin.post(JIRA, form(**ALL_ON), htmx=True)

    assert answer.status_code == 200
    assert "Registering…" in answer.page.text
    assert "every 1s, came-back from:body" in answer.page.values("hx-trigger")
    assert saved().webhooks_enabled
    assert saved().take_over_title
    assert saved().take_over_assignee
    assert saved().take_over_due_date
    assert "jobs.keep_webhook.run" in [job.func_name for job in queued()]


def test_it_is_saved_without_script_as_well(admin, connection):
    answer = admin.post(JIRA, form(webhooks="on"))

    assert answer.status_code == 303
    assert saved().webhooks_enabled
    assert not saved().take_over_title


def test_everything_is_off_by_default(admin, connection):
    page = admin.get(JIRA).page

    switches = {e.get("name"): "checked" in e.attrib for e in page.all("input")}
    assert {switches[name] for name in ALL_ON} == {False}
    assert "What changes in Jira is not noticed here." in page.text
    assert "Send test" not in page.texts("button")


def test_switching_off_owes_the_removal(admin, connection, queued):
    enable(connection)
    registered(connection)

    answer = admin.post(JIRA, form(version=1), htmx=True)

    assert not saved().webhooks_enabled
    assert "removing it from Jira…" in answer.page.text
    assert "jobs.keep_webhook.run" in [job.func_name for job in queued()]


def test_what_was_switched_is_in_the_record(admin, connection):
    admin.post(JIRA, form(webhooks="on"))

    details = db.session.query(AuditEvent).filter_by(action="jira.settings-saved").one().details
    assert details["before"]["returning"]["webhooks"] is False
    assert details["after"]["returning"]["webhooks"] is True


def test_two_admins_learn_of_each_others_switches(admin, signed_in, connection):
    admin.post(JIRA, form(webhooks="on"))

    answer = signed_in("owner@acme.test").post(JIRA, form(**{"take-over-title": "on"}), htmx=True)

    assert answer.status_code == 422
    assert "Enable Jira Webhooks On Off" in answer.page.text
    assert "Take over the title Off On" in answer.page.text


def test_switches_survive_a_page_without_script(admin, connection):
    answer = admin.post(f"{JIRA}/issue-types", form(webhooks="on"))

    switch = next(
        e for e in admin.get(answer.location).page.all("input") if e.get("name") == "webhooks"
    )
    assert "checked" in switch.attrib
