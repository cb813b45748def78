"""What fails for one cause is told once, and each entry keeps what is its own."""

import pytest

from app.extensions import db
from app.models import EntryState, FailureCode, IssueLink, LinkState, Operation
from tests.support.acme import items, link
from tests.support.pages import text_of
from tests.support.sync_entries import entry, failed, synced
from tests.web.sync_log.log import LOG, ids, retries

pytestmark = pytest.mark.usefixtures("connected")

SAID = "You do not have permission to create issues in this project."


def denied(item, message: str = SAID):
    return failed(item, message)


def groups(page):
    return [each for each in page.all("li") if "entry-group" in (each.get("class") or "").split()]


def test_five_denied_items_get_the_advice_once(admin):
    for item in items():
        denied(item)

    page = admin.get(LOG).page

    [group] = groups(page)
    assert "Permission denied, 5 action items" in text_of(group)
    assert page.text.count("Ask a Jira admin") == 1
    assert page.text.count(SAID) == 1 + 5
    assert len(ids(page)) == 5
    assert sum(words.startswith("Retry ") for words in retries(page)) == 1 + 1 + 5
    assert len([each for each in page.all("time") if each in list(group.iter())]) == 5


def test_another_verdict_another_project_and_what_is_its_own_stay_apart(admin):
    first, second, third, fourth, fifth = items()
    denied(first)
    denied(second)
    failed(third, code=FailureCode.PROJECT_GONE)
    for item in (fourth, fifth):
        failed(item, code=FailureCode.TOO_LARGE)

    page = admin.get(f"{LOG}?shown=failed").page

    [group] = groups(page)
    assert "2 action items" in text_of(group)
    assert page.text.count("Shorten the description") == 2
    assert "5 failed for 4 reasons." in page.text


def test_in_the_order_of_time_only_neighbours_are_told_together(admin):
    first, second, third, fourth, _ = items()
    for item in (first, second):
        denied(item)
    synced(third)
    denied(fourth)

    assert len(groups(admin.get(LOG).page)) == 1
    assert "2 action items" in text_of(groups(admin.get(LOG).page)[0])
    [group] = groups(admin.get(f"{LOG}?shown=failed").page)
    assert "3 action items" in text_of(group)


def test_where_jira_said_different_things_each_keeps_its_own(admin):
    first, second, *_ = items()
    denied(first)
    denied(second, "Keine Berechtigung.")

    [group] = groups(admin.get(LOG).page)

    assert text_of(group).count(SAID) == 1
    assert text_of(group).count("Keine Berechtigung.") == 1


def test_the_group_is_retried_and_nothing_else(admin):
    first, second, third, *_ = items()
    denied(first)
    denied(second)
    failed(third, code=FailureCode.TOO_LARGE)
    db.session.commit()
    page = admin.get(f"{LOG}?shown=failed").page
    [group] = groups(page)
    form = next(each for each in group.iter("form") if "/retries" in each.get("action", ""))
    named = [each.get("value") for each in form.iter("input") if each.get("name") == "entry"]

    answer = admin.post(form.get("action"), {"entry": named})

    assert answer.location.endswith("shown=failed")
    states = {each.action_item_id: each.state for each in db.session.query(IssueLink)}
    assert states == {
        first.id: LinkState.WAITING, second.id: LinkState.WAITING, third.id: LinkState.ERROR,
    }  # fmt: skip


def test_issues_out_of_sight_are_told_together(admin):
    for item in items()[:3]:
        row = link(item, LinkState.UNSEEN, failure_code=FailureCode.MAY_NOT_BROWSE)
        entry(row, EntryState.ERROR, operation=Operation.UPDATE)

    [group] = groups(admin.get(LOG).page)

    assert "Cannot be seen, 3 action items" in text_of(group)
    assert text_of(group).count("can no longer see the issues of PLAT") == 1


def test_the_file_has_a_line_for_each(admin):
    for item in items():
        denied(item)

    lines = admin.get(f"{LOG}/entries.csv").get_data(as_text=True).strip().splitlines()

    assert len(lines) == 1 + 5
    assert sum("Ask a Jira admin" in line for line in lines) == 5
