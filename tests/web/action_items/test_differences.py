"""A description that was changed here and in Jira: both texts, and what a person decides."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, IssueLink, LinkState, Phase
from app.models.difference import Difference, differences_of, keep_differences
from tests.support.acme import connect_and_choose, items, link, links_of, sprint_14
from tests.support.panel import show

SEEN = "sha256:seen"
OURS = "Fail over by hand first. Done when two people have done it."
THEIRS = "Fail over by hand first.\nSee the recording of 12 November."


@pytest.fixture
def differing(sample) -> ActionItem:
    """An item of Platform whose description was changed on both sides."""
    connect_and_choose()
    item = items()[0]
    item.description = OURS
    snapshot = {"source": {"summary": item.title, "description": "Fail over."}}
    row = link(item, key="PLAT-145", snapshot=snapshot)
    at = utcnow() - timedelta(hours=1)
    keep_differences(row, {"description": Difference(SEEN, THEIRS, by="Maya Lindqvist", at=at)})
    db.session.flush()
    return item


def decision(item: ActionItem, what: str) -> str:
    return f"/action-items/{item.id}/differences/description/{what}"


def linked(item: ActionItem) -> IssueLink:
    return links_of(item)[0]


def test_both_texts_are_in_sight_before_one_is_chosen(facilitator, differing):
    page = show(facilitator)

    text = " ".join(page.text.split())
    assert "Changed in Jira too" in text
    assert "Maya Lindqvist changed the description in Jira (" in text
    assert (
        "and it was changed here, too. Ours was not sent; nothing is lost on either side." in text
    )
    assert OURS in text
    assert "See the recording of 12 November." in text
    assert "PLAT-145 stays as it is. The text here stays here and is not sent." in text
    assert "This text replaces Jira’s in PLAT-145." in text
    assert "5 need you." in text
    single = facilitator.get(f"/action-items/{differing.id}").page
    assert OURS in single.text
    assert "Keep Jira’s" in single.text


def test_who_wrote_in_jira_may_not_be_known(facilitator, differing):
    keep_differences(linked(differing), {"description": Difference(SEEN, "")})
    db.session.flush()

    text = " ".join(show(facilitator).text.split())

    assert "Somebody changed the description in Jira, and it was changed here, too." in text
    assert "Nothing" in text


def test_who_may_not_edit_reads_both_and_decides_nothing(signed_in, differing):
    differing.created_by_id = differing.assignee_id = None
    member = signed_in("member2@acme.test")

    page = show(member)

    assert THEIRS.split("\n")[0] in page.text
    assert "Keep Jira’s" not in page.text
    assert member.post(decision(differing, "removal")).status_code == 403


def test_keeping_jiras_settles_it_until_the_next_edit(facilitator, differing):
    answer = facilitator.post(decision(differing, "removal"), htmx=True)

    assert answer.status_code == 200
    assert "Kept Jira’s description" in answer.page.text
    assert "Changed in Jira too" not in answer.page.text
    kept = linked(differing)
    assert (kept.differences, kept.due_at) == (None, None)
    assert kept.snapshot["source"]["description"] == OURS
    assert differing.description == OURS


def test_replacing_sends_what_was_read(facilitator, differing):
    answer = facilitator.post(decision(differing, "replacement"), {"seen": SEEN}, htmx=True)

    assert "Waiting to sync" in answer.page.text
    due = linked(differing)
    assert differences_of(due)["description"].replace
    assert due.state is LinkState.WAITING
    assert due.due_at is not None


@pytest.mark.parametrize("seen", ["sha256:older", ""])
def test_nothing_else_than_what_was_read_is_replaced(facilitator, differing, seen):
    answer = facilitator.post(decision(differing, "replacement"), {"seen": seen}, htmx=True)

    assert "It was changed in Jira once more, so nothing was replaced." in answer.page.text
    assert "Changed in Jira too" in answer.page.text
    untouched = linked(differing)
    assert not differences_of(untouched)["description"].replace
    assert untouched.due_at is None


@pytest.mark.parametrize(("what", "form"), [("removal", {}), ("replacement", {"seen": SEEN})])
def test_without_script_one_is_back_on_the_page(facilitator, differing, what, form):
    page = f"/retrospectives/{sprint_14(Phase.COMMIT).id}"

    answer = facilitator.post(decision(differing, what), form)

    assert answer.status_code == 303
    assert answer.location == f"{page}#item-{differing.id}"


@pytest.mark.parametrize(("what", "form"), [("removal", {}), ("replacement", {"seen": SEEN})])
def test_what_is_decided_already_is_not_decided_again(facilitator, differing, what, form):
    keep_differences(linked(differing), {})
    db.session.flush()

    answer = facilitator.post(decision(differing, what), form, htmx=True)

    assert answer.status_code == 409
    assert "nothing to decide any more" in answer.page.text
    assert linked(differing).due_at is None


def test_of_other_fields_nobody_decides(facilitator, differing):
    for field in ("summary", "environment"):
        url = f"/action-items/{differing.id}/differences/{field}/removal"
        assert facilitator.post(url).status_code == 404
