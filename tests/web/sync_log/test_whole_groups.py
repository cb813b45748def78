"""What fails for one cause is one group, whatever a page holds; by time there is another order."""

import pytest

from app.extensions import db
from app.models import FailureCode, IssueLink, LinkState
from app.services.sync_log import views
from tests.support import factories
from tests.support.acme import items, sprint_14
from tests.support.pages import text_of
from tests.support.sync_entries import NO, failed, synced
from tests.web.sync_log.log import LOG, button, ids

pytestmark = pytest.mark.usefixtures("connected")

FAILED = f"{LOG}?shown=failed"


@pytest.fixture
def denied() -> list[int]:
    """The ids of 30 links that fail for one cause; between them stand two for another."""
    entries = []
    for number in range(30):
        entries.append(failed(factories.action_item(sprint_14(), f"Alert {number + 1}"), NO))
        if number in {9, 19}:
            failed(items()[number // 10], code=FailureCode.PROJECT_GONE)
    db.session.commit()
    return [entry.issue_link_id for entry in entries]


def groups(page):
    return [each for each in page.all("li") if "entry-group" in (each.get("class") or "").split()]


def test_a_group_counts_all_of_its_cause(admin, denied):
    page = admin.get(FAILED).page

    headings = [text_of(next(each.iter("h3"))) for each in groups(page)]
    assert headings == [
        "Permission denied, 30 action items",
        "Project not available, 2 action items",
    ]
    assert "32 failed for 2 reasons." in page.text
    assert page.text.count("Ask a Jira admin") == 1


def test_a_long_group_shows_its_newest_and_the_way_to_the_others(admin, denied):
    [long, short] = groups(admin.get(FAILED).page)

    titles = [text_of(each) for each in long.iter("a") if (each.get("id") or "").endswith("-title")]
    assert titles == [f"Alert {number}" for number in range(30, 20, -1)]
    assert "20 more action items for the same cause. Show them singly by time" in text_of(long)
    [more] = [each for each in long.iter("a") if (each.get("id") or "").endswith("-more")]
    assert more.get("href") == f"{FAILED}&by=time"
    assert "more action" not in text_of(short)


def test_the_whole_group_is_retried(admin, denied):
    [group, _] = groups(admin.get(FAILED).page)
    form = next(each for each in group.iter("form") if each.get("action", "").count("/") == 7)
    named = [each.get("value") for each in form.iter("input") if each.get("name") == "entry"]

    answer = admin.post(form.get("action"), {"entry": named})

    assert answer.location.endswith(FAILED)
    waiting = db.session.query(IssueLink).filter_by(state=LinkState.WAITING)
    assert sorted(each.id for each in waiting) == denied


def test_they_are_shown_by_time_and_by_cause_again(admin, denied):
    by_time = admin.get(button(admin.get(FAILED).page, "Show them by time")).page

    assert groups(by_time) == []
    assert len(ids(by_time)) == 25
    assert by_time.text.count("Ask a Jira admin") == 23
    assert "Entries, newest first" in by_time.texts("h2")
    by_cause = admin.get(button(by_time, "Show them by cause")).page
    assert len(groups(by_cause)) == 2
    assert "What failed, by cause" in by_cause.texts("h2")


def test_the_order_stays_on_every_way_from_there(admin, denied):
    page = admin.get(f"{FAILED}&by=time").page

    older = admin.get(button(page, "Older")).page
    assert (len(ids(older)), groups(older)) == (7, [])
    [form] = [each for each in page.all("form") if each.get("id") == "log-filter"]
    assert ("by", "time") in [(each.get("name"), each.get("value")) for each in form.iter("input")]
    retried = [each.get("action") for each in page.all("form") if "/retries?" in each.get("action")]
    assert len(retried) == 25
    assert all("by=time" in each for each in retried)
    assert "by=" not in button(page, "All")


def test_more_than_a_page_holds_is_said(admin, denied, monkeypatch):
    monkeypatch.setattr(views, "BY_CAUSE_SIZE", 20)

    page = admin.get(FAILED).page

    assert "20 of 32 that failed, by cause." in page.text
    assert "Permission denied, 19 shown here" in page.text
    assert "Permission denied, 11 shown here" in admin.get(button(page, "Older")).page.text


def test_among_all_entries_a_group_counts_what_stands_there(admin, denied):
    for item in items()[2:5]:
        synced(item)

    page = admin.get(LOG).page

    counts = [text_of(next(each.iter("h3"))) for each in groups(page)]
    assert counts == ["Permission denied, 10 shown here", "Permission denied, 10 shown here"]


def test_the_order_is_no_matter_of_what_has_not_failed(admin, denied):
    page = admin.get(f"{LOG}?by=time").page

    assert len(groups(page)) == 3
    assert "Show them" not in page.text
