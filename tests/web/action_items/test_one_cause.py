"""What several items of a retrospective fail for is told once, above them."""

import pytest

from app.extensions import db
from app.models import FailureCode, IssueLink, LinkState
from tests.support.acme import connect_and_choose, items, link
from tests.support.pages import text_of
from tests.support.panel import head, show

SAID = "You do not have permission to create issues in this project."


@pytest.fixture
def denied(sample, app):
    """Five items that may not be created."""
    connect_and_choose()
    for item in items():
        code = FailureCode.MAY_NOT_CREATE
        link(item, LinkState.ERROR, key=None, tries=4, failure_code=code, failure_message=SAID)


def button(page):
    """The form that sends all of a group."""
    return next(each for each in head(page).iter("form"))


def test_five_denied_items_get_the_advice_once(denied, admin):
    page = show(admin)

    said = text_of(head(page))
    assert f"5 could not be created. Permission denied. Jira said: “{SAID}”" in said
    assert page.text.count("Ask a Jira admin to let Unpack Service create issues") == 1
    assert page.text.count(SAID) == 1
    assert page.text.count("Sync error") == 5
    assert "Sync 5 to Jira" in page.texts("button")


def test_what_jira_said_of_one_alone_stays_with_it(denied, admin):
    row = db.session.query(IssueLink).order_by(IssueLink.id).first()
    row.failure_message = "Keine Berechtigung."

    page = show(admin)

    assert page.text.count("Ask a Jira admin to let Unpack Service create issues") == 1
    assert page.text.count(SAID) == 4
    assert page.text.count("Keine Berechtigung.") == 1


def test_what_is_one_items_own_stays_with_it(denied, admin):
    for row in db.session.query(IssueLink).order_by(IssueLink.id).limit(2):
        row.failure_code = FailureCode.TOO_LARGE

    page = show(admin)

    assert "3 could not be created." in text_of(head(page))
    assert page.text.count("Shorten the description") == 2


@pytest.mark.both_databases
@pytest.mark.parametrize("htmx", [False, True])
def test_all_of_a_group_are_sent_with_one_press(denied, facilitator, htmx):
    form = button(show(facilitator))
    named = [each.get("value") for each in form.iter("input") if each.get("name") == "item"]
    left_out = named.pop()

    answer = facilitator.post(form.get("action"), {"item": named}, htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    states = {str(each.action_item_id): each.state for each in db.session.query(IssueLink)}
    assert states == dict.fromkeys(named, LinkState.WAITING) | {left_out: LinkState.ERROR}
    if htmx:
        assert text_of(answer.page.root).count("Waiting to sync") == 4
        assert "Sync error" in text_of(answer.page.root)


def test_members_read_whom_to_ask_and_have_no_button(denied, maya):
    page = show(maya)

    assert "Unpack Service may not create issues in PLAT. Ask an admin." in text_of(head(page))
    assert list(head(page).iter("form")) == []


def test_the_head_follows_when_one_of_them_is_sent(denied, facilitator):
    first = items()[0]

    answer = facilitator.post(f"/action-items/{first.id}/syncs", {}, htmx=True)

    assert "4 could not be created." in text_of(answer.page.root)
