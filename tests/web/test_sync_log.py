"""The Sync Log: what it lists, how it is narrowed and paged, and when it looks again."""

import re
from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    AssigneeNote,
    ConnectionState,
    EntryState,
    FailureCode,
    IssueLink,
    LinkState,
    Operation,
    Outcome,
)
from tests.support.acme import connect, connect_and_choose, items, link, make_free, team
from tests.support.pages import text_of
from tests.support.sync_entries import attempt, entry, failed, synced

LOG = "/organizations/acme/settings/integrations/jira/sync-log"


@pytest.fixture
def connected(sample: None, app: object) -> None:
    connect_and_choose()


def ids(page) -> list[str]:
    found = [each.get("id") or "" for each in page.all("li")]
    return [each for each in found if each.startswith(("entry-", "link-"))]


def retries(page) -> list[str]:
    controls = page.texts("button") + page.texts("a")
    return [words for words in controls if re.match(r"Retry\b", words)]


def look(page):
    return next(each for each in page.root.iter() if each.get("id") == "log-look")


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


def three_kinds() -> dict[str, str]:
    """A failed, a retrying and a synced entry; each one's id by its kind."""
    first, second, third, *_ = items()
    later = utcnow() + timedelta(minutes=4)
    row = link(second, LinkState.RETRYING, key=None, tries=1, not_before=later, due_at=utcnow())
    kinds = {
        "failed": failed(first),
        "retrying": entry(row, EntryState.RETRYING, tries=1),
        "synced": synced(third),
    }
    return {kind: f"entry-{log.id}" for kind, log in kinds.items()}


@pytest.mark.parametrize("shown", ["failed", "retrying", "synced"])
def test_the_log_is_narrowed_by_outcome(admin, connected, shown):
    kinds = three_kinds()

    assert ids(admin.get(f"{LOG}?shown={shown}").page) == [kinds[shown]]


def test_the_log_is_narrowed_by_team(admin, connected):
    synced(items()[0])

    assert len(ids(admin.get(f"{LOG}?team={team('Platform').id}").page)) == 1
    page = admin.get(f"{LOG}?team={team('Mobile').id}").page
    assert ids(page) == []
    assert "No entry fits." in page.text


@pytest.mark.parametrize("text", ["CANARY", "plat-142"])
def test_the_log_is_searched_by_title_and_key(admin, connected, text):
    found = synced(items()[0])
    synced(items()[1], key="OPS-7")

    assert ids(admin.get(LOG, query_string={"text": text}).page) == [f"entry-{found.id}"]


@pytest.mark.parametrize(
    "query",
    [
        "team=x",
        "team=99999999999999",
        "shown=nope",
        "before=1",
        "before=99999999999999999-1",
        "after=-",
        "text=%25",
        "text=%00",
    ],
)
def test_an_odd_address_breaks_nothing(admin, connected, query):
    synced(items()[0])

    assert admin.get(f"{LOG}?{query}").status_code == 200


def many(count: int) -> list[str]:
    """Synced entries, a minute apart, the newest first."""
    row = link(items()[0])
    now = utcnow()
    made = [entry(row, at=now - timedelta(minutes=back)) for back in range(count)]
    return [f"entry-{each.id}" for each in made]


def button(page, words: str) -> str:
    return next(each.get("href") for each in page.all("a") if text_of(each) == words)


def test_older_and_newer_pages_miss_nothing_and_repeat_nothing(admin, connected):
    every = many(60)

    first = admin.get(LOG).page
    second = admin.get(button(first, "Older")).page
    third = admin.get(button(second, "Older")).page

    assert ids(first) + ids(second) + ids(third) == every
    assert ids(admin.get(button(third, "Newer")).page) == ids(second)
    assert ids(admin.get(button(second, "Newer")).page) == ids(first)
    assert "Newest 25 of 60 entries. Kept for 90 days." in first.text


def test_entries_of_the_same_moment_are_paged_too(admin, connected):
    row, now = link(items()[0]), utcnow()
    made = {f"entry-{entry(row, at=now).id}" for _ in range(30)}

    first = admin.get(LOG).page
    second = admin.get(button(first, "Older")).page

    assert set(ids(first)) | set(ids(second)) == made
    assert len(ids(first)) + len(ids(second)) == 30


def test_a_page_keeps_the_filters(admin, connected):
    many(30)

    page = admin.get(f"{LOG}?shown=synced&text=canary").page

    assert "shown=synced" in button(page, "Older")
    assert "text=canary" in button(page, "Older")


def test_nothing_is_looked_for_while_nothing_moves(admin, connected):
    failed(items()[0])

    assert "every" not in look(admin.get(LOG).page).get("hx-trigger")


def test_a_look_that_has_seen_everything_swaps_nothing(admin, connected):
    three_kinds()
    element = look(admin.get(LOG).page)

    assert "every 2s" in element.get("hx-trigger")
    assert admin.get(element.get("hx-get"), htmx=True).status_code == 204


def test_a_look_brings_what_has_changed(admin, connected):
    three_kinds()
    element = look(admin.get(f"{LOG}?shown=retrying").page)
    row = db.session.query(IssueLink).filter_by(state=LinkState.RETRYING).one()
    row.state, row.failure_code = LinkState.ERROR, FailureCode.MAY_NOT_CREATE

    answer = admin.get(element.get("hx-get"), htmx=True)

    assert answer.status_code == 200
    assert "No entry fits." in answer.page.text
    assert "2 failed" in answer.page.text


def test_it_looks_less_often_after_a_quiet_minute(admin, connected):
    past = utcnow() - timedelta(minutes=3)
    row = link(items()[0], LinkState.RETRYING, key=None, tries=1, due_at=past,
               not_before=utcnow() + timedelta(minutes=3))  # fmt: skip
    entry(row, EntryState.RETRYING, tries=1, at=past)

    assert "every 5s" in look(admin.get(LOG).page).get("hx-trigger")


def test_after_a_disconnect_the_log_stays_and_nothing_is_retried(admin, sample):
    connect(ConnectionState.DISCONNECTED)
    failed(items()[0])
    link(items()[1], LinkState.WAITING, key=None, due_at=utcnow())

    page = admin.get(LOG).page

    assert "Jira is disconnected." in page.text
    assert "Sync error" in page.text
    assert retries(page) == []
    assert "every" not in look(page).get("hx-trigger")


def test_on_free_the_log_stays_and_nothing_is_retried(admin, connected):
    failed(items()[0])
    make_free()

    page = admin.get(LOG).page

    assert "Free does not include Jira." in page.text
    assert retries(page) == []


@pytest.mark.parametrize("email", ["facilitator@acme.test", "member1@acme.test", "owner@tiny.test"])
@pytest.mark.parametrize("path", ["", "/entries", "/section", "/entries.csv", "/retries/new"])
def test_the_log_is_for_owner_and_admins(signed_in, connected, email, path):
    assert signed_in(email).get(f"{LOG}{path}").status_code == 404


def test_another_organizations_entries_are_not_listed(signed_in, connected):
    synced(items()[0])
    owner = signed_in("owner@tiny.test")

    page = owner.get("/organizations/tiny/settings/integrations/jira/sync-log").page

    assert "canary" not in page.text


def test_the_settings_page_shows_the_last_entries_and_fourteen_days(admin, connected):
    three_kinds()
    synced(items()[3], at=utcnow() - timedelta(days=1), tries=1)
    synced(items()[4], at=utcnow() - timedelta(days=40))

    page = admin.get("/organizations/acme/settings/integrations/jira").page

    assert "Synced at once 1" in page.text
    assert "Synced after a retry 1" in page.text
    assert "Failed, below the line 1" in page.text
    assert len(ids(page)) == 4
    assert "Open the whole Sync Log" in page.text


def test_the_section_looks_again_while_something_moves(admin, connected):
    three_kinds()
    element = look(admin.get("/organizations/acme/settings/integrations/jira").page)

    assert "every 2s" in element.get("hx-trigger")
    assert admin.get(element.get("hx-get"), htmx=True).status_code == 204
    assert admin.get(f"{LOG}/section", htmx=True).status_code == 200


def test_a_long_queue_is_counted_and_not_listed(admin, connected):
    retrospective = items()[0].retrospective
    for number in range(14):
        item = ActionItem(retrospective=retrospective, title=f"Item {number}")
        db.session.add(item)
        link(item, LinkState.WAITING, key=None, due_at=utcnow())

    page = admin.get(LOG).page

    assert len([each for each in ids(page) if each.startswith("link-")]) == 10
    assert "4 more action items are on the way." in page.text
