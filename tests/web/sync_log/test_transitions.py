"""Statuses that issues owe: what the Sync Log, the panel and the item's page say of them."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    AuditEvent,
    CompletedIn,
    EntryState,
    FailureCode,
    Operation,
    Outcome,
    OwedCategory,
    OwedStatus,
    Phase,
)
from tests.support.acme import connect_and_choose, items, link, person, sprint_14
from tests.support.panel import announced, show
from tests.support.sync_entries import attempt, entry

LOG = "/organizations/acme/settings/integrations/jira/sync-log"
MOVE = Operation.TRANSITION


@pytest.fixture
def owed(sample):
    """The first item, completed here; its issue owes Done and needs somebody."""
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    item = items()[0]
    item.completed_at, item.completed_in = utcnow(), CompletedIn.UNPACK
    row = link(item, key="PLAT-141")
    code, fields = FailureCode.SCREEN_ASKS_MORE, ["Root cause"]
    kept = OwedStatus(
        link=row,
        owed=OwedCategory.DONE,
        since=utcnow(),
        owed_by_id=person("Fatima").id,
        status_name="Done",
        tries=0,
        failure_code=code,
        failure_fields=fields,
        own=[],
    )
    db.session.add(kept)
    log = entry(row, EntryState.ERROR, MOVE, failure_code=code, fields=["Done"])
    db.session.commit()
    return log


def test_the_line_says_what_was_owed_and_why_it_stays(admin, owed):
    text = admin.get(LOG).page.text

    assert "Platform · status: Done" in text
    assert "Needs somebody in Jira" in text
    assert "PLAT-141 did not move to Done. Jira asks for more." in text
    assert "Root cause: only a person can fill that in." in text


@pytest.mark.parametrize("htmx", [False, True])
def test_retry_looks_at_it_once_more(admin, owed, queued, htmx):
    answer = admin.post(f"{LOG}/{owed.id}/retries", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    if htmx:
        assert announced(answer).startswith("Trying again: ")
    db.session.expire_all()
    row = db.session.get_one(OwedStatus, owed.issue_link_id)
    assert (row.failure_code, row.tries) == (None, 0)
    assert row.due_at <= utcnow()
    assert [job.func_name for job in queued()] == ["jobs.sync_connection.run"]
    assert db.session.query(AuditEvent).filter_by(action="jira.retried").count() == 1


def test_it_is_no_sync_error_and_counts_as_none(admin, owed):
    assert "PLAT-141" not in admin.get(f"{LOG}?shown=failed").page.text
    assert "PLAT-141" not in admin.get(f"{LOG}?shown=synced").page.text
    assert "failed" not in " ".join(admin.get(LOG).page.texts("nav"))


@pytest.mark.parametrize(
    ("outcome", "code", "chip"),
    [
        (Outcome.SUCCEEDED, None, "Moved"),
        (None, None, "Nothing to move"),
        (None, FailureCode.DECIDED_IN_JIRA, "Decided in Jira"),
    ],
)
def test_how_it_ended_is_said_in_a_word(admin, owed, outcome, code, chip):
    db.session.get_one(OwedStatus, owed.issue_link_id).settle()
    owed.state, owed.failure_code = EntryState.SYNCED, code
    if outcome:
        attempt(owed, outcome, status=204)
    db.session.commit()

    text = admin.get(LOG).page.text

    assert f"{chip} Add a canary stage" in text
    assert ("First try: moved, answered with 204" in text) is (outcome is not None)


def test_the_panel_leads_to_the_issue(signed_in, owed):
    page = show(signed_in("facilitator@acme.test"))

    assert "Needs somebody in Jira" in page.text
    links = [each for each in page.root.iter("a") if (each.text or "") == "Move it in Jira"]
    assert [each.get("href", "").rpartition("/")[2] for each in links] == ["PLAT-141"]


def test_sync_to_jira_looks_at_it_once_more(signed_in, owed):
    somebody = signed_in("facilitator@acme.test")

    somebody.post(f"/action-items/{owed.action_item_id}/syncs")

    db.session.expire_all()
    row = db.session.get_one(OwedStatus, owed.issue_link_id)
    assert (row.failure_code, row.due_at is not None) == (None, True)


def test_the_items_page_tells_of_it(signed_in, owed):
    page = signed_in("facilitator@acme.test").get(f"/action-items/{owed.action_item_id}").page

    assert "Needs somebody in Jira" in page.text
    assert "PLAT-141 did not move to Done." in page.text
