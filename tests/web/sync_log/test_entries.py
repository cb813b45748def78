"""What an entry says of its action item."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    AssigneeNote,
    EntryState,
    FailureCode,
    LinkState,
    Operation,
    Outcome,
)
from app.services.outbound import links
from app.services.retrospectives import action_items
from app.services.retrospectives.action_items import ActionItemFields
from tests.support.acme import items, link
from tests.support.sync_entries import attempt, entry, failed, synced
from tests.web.sync_log.log import LOG, ids, retries


def test_nothing_yet_says_what_will_be_here(admin, connected):
    page = admin.get(LOG).page

    assert "Nothing has been synced yet" in page.text
    assert "Download CSV" not in page.text


def test_an_entry_says_what_became_of_it(admin, connected):
    synced(items()[0])

    page = admin.get(LOG).page

    assert "Synced Add a canary stage to the deploy pipeline Platform · create" in page.text
    link_to_item = f"/retrospectives/{items()[0].retrospective_id}#item-{items()[0].id}"
    hrefs = [each.get("href") for each in page.all("a")]
    assert link_to_item in hrefs
    assert "https://acme-eng.atlassian.net/browse/PLAT-142" in hrefs


def rename(item: ActionItem, title: str) -> None:
    action_items.edit(item, ActionItemFields(title, item.description))
    links.request_sync(item)
    db.session.commit()


def test_an_entry_keeps_the_title_of_then(admin, acme, drain):
    acme.commit_items()
    drain()
    rename(acme.items[0], "A stage for canaries")
    drain()
    rename(acme.items[0], "Something else")

    page = admin.get(LOG).page

    titles = page.texts("a")
    assert "Add a canary stage to the deploy pipeline" in titles
    assert "A stage for canaries" in titles
    assert "Something else" in titles  # on its way
    lines = admin.get(f"{LOG}/entries.csv").get_data(as_text=True)
    assert "Add a canary stage to the deploy pipeline" in lines
    assert "A stage for canaries" in lines


@pytest.mark.parametrize("text", ["canary stage", "Something"])
def test_an_entry_is_found_by_its_title_of_then_and_of_today(admin, connected, text):
    found = synced(items()[0])
    found.title, found.action_item.title = found.action_item.title, "Something else"

    assert ids(admin.get(LOG, query_string={"text": text}).page) == [f"entry-{found.id}"]


def test_an_entry_of_older_code_shows_todays_title(admin, connected):
    found = synced(items()[0])
    found.action_item.title = "Something else"

    assert "Something else" in admin.get(LOG).page.texts("a")


def test_an_update_names_its_fields(admin, connected):
    row = link(items()[0])
    entry(row, operation=Operation.UPDATE, fields=["summary", "duedate"])

    assert "Platform · update: title, due date" in admin.get(LOG).page.text


def test_a_failure_quotes_jira_and_says_what_to_do(admin, connected):
    failed(items()[3], message="You do not have permission to create issues in this project.")

    text = admin.get(LOG).page.text

    assert (
        "Permission denied. Jira said: “You do not have permission to create issues in this "
        "project.” Ask a Jira admin to let Unpack Service create issues in PLAT, then choose "
        "Retry." in text
    )


def test_a_failed_update_names_the_project_that_the_issue_is_in(admin, connected):
    row = link(items()[0], LinkState.ERROR, key="OPS-9", failure_code=FailureCode.MAY_NOT_EDIT)
    entry(row, EntryState.ERROR, operation=Operation.UPDATE)

    assert "edit issues in OPS, then choose Retry." in admin.get(LOG).page.text


def test_a_retry_under_way_says_which_and_when_the_next_is(admin, connected):
    later = utcnow() + timedelta(minutes=4)
    row = link(
        items()[2], LinkState.RETRYING, key=None, tries=2, not_before=later,
        due_at=utcnow(), failure_code=FailureCode.JIRA_UNAVAILABLE,
    )  # fmt: skip
    entry(row, EntryState.RETRYING, tries=2)

    text = admin.get(LOG).page.text

    assert "Retrying 2 of 3" in text
    assert "next try at" in text
    assert "Jira did not answer. Nothing for you to do." in text


def test_what_is_tried_again_by_itself_asks_nobody_to_choose_retry(admin, connected):
    later = utcnow() + timedelta(minutes=4)
    row = link(
        items()[2], LinkState.RETRYING, key=None, tries=1, not_before=later,
        due_at=utcnow(), failure_code=FailureCode.MAY_NOT_CREATE,
    )  # fmt: skip
    entry(row, EntryState.RETRYING, tries=1)

    text = admin.get(LOG).page.text

    assert "create issues in PLAT before the next try." in text
    assert "choose Retry" not in text


def test_the_newest_entry_comes_first(admin, connected):
    first, second, *_ = items()
    old = synced(first, at=utcnow() - timedelta(hours=2))
    new = synced(second, at=utcnow() - timedelta(hours=1))

    assert ids(admin.get(LOG).page) == [f"entry-{new.id}", f"entry-{old.id}"]


def test_an_entry_opens_to_its_tries(admin, connected):
    log = failed(items()[0], message="No.")
    attempt(log, Outcome.REFUSED, status=403, trace="8f2c1a", ms=1412, message="No.")
    attempt(log, Outcome.UNKNOWN, ms=20000)
    attempt(log, Outcome.NOT_FOUND, operation=Operation.PROBE)
    attempt(log, Outcome.RATE_LIMITED, status=429)
    attempt(log, Outcome.REFUSED, status=403, trace="b11e07")

    text = admin.get(LOG).page.text

    assert "5 tries" in text
    assert "First try: refused with 403 Jira said: “No.” 1,412 ms, trace 8f2c1a" in text
    assert "Retry 1 of 3: no answer, so the outcome was not known 20,000 ms" in text
    assert "Looked in Jira: no issue was created by the earlier try" in text
    assert "Retry 2 of 3: asked to slow down (429). No retry is used up" in text
    assert "Waits for you. Choose Retry once it is mended." in text


def test_an_issue_that_was_found_again_is_explained(admin, connected):
    log = synced(items()[0])
    attempt(log, Outcome.UNKNOWN, status=500)
    attempt(log, Outcome.ADOPTED, operation=Operation.PROBE)

    assert "found the issue already there and linked it." in admin.get(LOG).page.text


def test_an_issue_without_assignee_says_so(admin, connected):
    synced(items()[1], assignee_note=AssigneeNote.NOT_FOUND)

    assert "Platform · create, without assignee" in admin.get(LOG).page.text


def test_what_was_not_answered_yet_is_on_top(admin, connected):
    first, second, *_ = items()
    synced(first)
    link(second, LinkState.SYNCING, key=None, due_at=utcnow())

    page = admin.get(LOG).page

    assert ids(page)[0].startswith("link-")
    assert "Syncing… Rotate the on-call schedule every two weeks Platform · create" in page.text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda row, item: setattr(row, "active", False), "Unlinked"),
        (lambda row, item: setattr(item, "deleted_at", utcnow()), "Item deleted"),
        (lambda row, item: setattr(row, "state", LinkState.DELETED), "Deleted in Jira"),
        (lambda row, item: setattr(row, "state", LinkState.SYNCED), "nothing was left to send"),
    ],
)
def test_what_is_no_longer_failed_says_why_and_offers_no_retry(admin, connected, change, words):
    log = failed(items()[0])
    change(log.link, items()[0])

    page = admin.get(LOG).page

    assert words in page.text
    assert retries(page) == []
    assert "failed" not in page.text


def test_every_place_shows_the_same_number_of_failed_items(admin, connected):
    for item in items()[:3]:
        failed(item)
    gone = failed(items()[3])
    gone.action_item.deleted_at = utcnow()

    page = admin.get(LOG).page

    assert "Sync Log 3 failed" in page.text
    assert "Retry all failed (3)" in page.text
    assert "Failed 3" in page.text
    assert len(ids(admin.get(f"{LOG}?shown=failed").page)) == 3
    assert "3 failed" in admin.get("/organizations/acme").page.text
    settings = admin.get("/organizations/acme/settings/integrations/jira").page.text
    assert "Sync Log 3 failed" in settings
    assert (
        "Sync errors 3 action items"
        in admin.get("/organizations/acme/settings/integrations").page.text
    )
