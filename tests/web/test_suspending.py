"""Pausing and resuming on the pages: the reason, who reads it, and what is said meanwhile."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, LinkState, Phase, Suspension
from tests.support.acme import connect_and_choose, items, link, sprint_14, suspend
from tests.support.atlassian import JIRA, SETTINGS, connection

PAUSE = f"{JIRA}/pause"
REASON = "PLAT is moved to another scheme"


@pytest.fixture(autouse=True)
def connected(app, sample) -> None:
    connect_and_choose()
    link(items()[0], LinkState.WAITING, key=None, due_at=utcnow())
    sprint_14(Phase.COMMIT)
    db.session.commit()


def actions() -> list[str]:
    return [each.action for each in db.session.query(AuditEvent).order_by(AuditEvent.id)]


@pytest.mark.both_databases
def test_pausing_and_resuming_are_on_record_with_the_reason(admin):
    admin.post(PAUSE, {"reason": f"  {REASON} "})

    row = db.session.query(Suspension).one()
    assert (row.reason, row.by.name) == (REASON, "Adam Novak")
    text = admin.get(JIRA).page.text
    assert f"by Adam Novak: “{REASON}”." in text
    assert "1 action item waits; nothing is lost." in text

    admin.post(f"{PAUSE}/removal")
    assert db.session.query(Suspension).count() == 0
    assert actions()[-2:] == ["jira.paused", "jira.resumed"]
    assert REASON in admin.get("/organizations/acme/settings/history").page.text


def test_the_page_says_that_a_reason_is_required(admin):
    page = admin.get(PAUSE).page

    assert page.by_id("reason").get("required") is not None
    assert "Reason (required)" in page.texts("label")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
def test_a_reason_is_required_and_short(admin, reason):
    answer = admin.post(PAUSE, {"reason": reason})

    assert answer.status_code == 422
    assert answer.page.by_id("reason").get("aria-invalid") == "true"
    assert db.session.query(Suspension).count() == 0


def test_the_second_of_two_admins_is_told_and_the_first_reason_stays(admin, signed_in):
    other = signed_in("owner@acme.test")
    admin.post(PAUSE, {"reason": REASON})

    answer = other.post(PAUSE, {"reason": "Mine"}, follow_redirects=True)

    assert "Syncing is paused already." in answer.page.text
    assert db.session.query(Suspension).one().reason == REASON
    assert other.get(PAUSE).status_code == 303


def test_everybody_reads_it_at_their_action_items(signed_in):
    suspend(connection(), REASON)
    db.session.commit()

    text = (
        signed_in("member1@acme.test")
        .get(f"/retrospectives/{sprint_14(Phase.COMMIT).id}")
        .page.text
    )

    assert f"“{REASON}”. 1 waits." in text
    assert "on the way" not in text
    assert "Waits while paused" in text


def test_the_card_says_it_and_resumes(admin):
    suspend(connection(), REASON)
    db.session.commit()

    page = admin.get(SETTINGS).page

    assert f"Adam Novak paused syncing: “{REASON}”." in page.text
    admin.post(f"{PAUSE}/removal")
    assert "Paused since" not in admin.get(SETTINGS).page.text


def test_sync_and_retry_say_that_it_comes_later(admin):
    suspend(connection(), REASON)
    db.session.commit()

    answer = admin.post(f"/action-items/{items()[0].id}/syncs", htmx=True)

    assert "Synced after Resume" in answer.page.text
