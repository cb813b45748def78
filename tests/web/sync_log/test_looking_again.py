"""When the log looks again, on its page and on the settings page."""

from datetime import timedelta

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    EntryState,
    FailureCode,
    IssueLink,
    LinkState,
)
from tests.support.acme import items, link
from tests.support.sync_entries import entry, failed, synced
from tests.web.sync_log.log import LOG, ids, look, three_kinds


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
