"""What the page before Commit promises of carried items: only what Commit does."""

import pytest

from app.models import LinkState, Phase
from app.services.retrospectives import dropping
from tests.support import factories
from tests.support.acme import connect_and_choose, items, link, links_of, person
from tests.support.carried import carried
from tests.support.pages import text_of
from tests.web.last_time.section import FATIMA, head, show

WAYS = [
    (LinkState.ERROR, "Sync error", "1 has a sync error"),
    (LinkState.WAITING, "On its way already", "1 is on its way already"),
    (LinkState.RETRYING, "On its way already", "1 is on its way already"),
]


@pytest.fixture
def fatima(signed_in):
    return signed_in(FATIMA)


def preview(somebody, retrospective):
    return somebody.get(f"/retrospectives/{retrospective.id}/commit").page


@pytest.mark.parametrize(("state", "in_row", "in_lede"), WAYS)
def test_what_was_sent_off_before_is_not_created(fatima, later, state, in_row, in_lede):
    connect_and_choose()
    item = items()[0]
    link(item, state, key=None)
    carried(item, later)

    page = preview(fatima, later)

    assert f"{in_lede}. Nothing is created." in page.text
    assert in_row in page.text
    assert "New Task" not in page.text
    assert "Continue to Commit" in page.text
    fatima.post(f"/retrospectives/{later.id}/phase", {"shown": "discuss", "to": "commit"})
    assert len(links_of(item)) == 1


def test_of_many_it_has_a_section(fatima, later):
    connect_and_choose()
    for item, state in zip(items(), (LinkState.ERROR, LinkState.WAITING), strict=False):
        link(item, state, key=None)
        carried(item, later)
    for number in range(11):
        factories.action_item(later, f"New {number}")

    said = preview(fatima, later).text

    assert "11 are ready" in said
    assert "1 is on its way already" in said
    assert "1 has a sync error" in said
    assert "have their issues already" not in said


def test_the_page_before_says_what_commit_leaves_alone(fatima, later):
    connect_and_choose()
    kept, failed, dropped = items()[:3]
    link(kept, key="PLAT-1")
    link(failed, LinkState.ERROR, key=None)
    link(dropped, key="PLAT-3")
    for item in (kept, failed, dropped):
        carried(item, later)
    dropping.drop(dropped, person("Fatima"))

    said = show(fatima, later).text

    assert "each without an issue becomes a Task in PLAT · Platform Engineering" in said
    assert (
        "1 keeps its issue. 1 is on its way already or has a sync error. 1 stays dropped." in said
    )


def test_the_page_before_promises_no_preview_of_what_was_dropped(fatima, later):
    connect_and_choose()
    carried(items()[0], later)
    dropping.drop(items()[0], person("Fatima"))

    said = show(fatima, later).text

    assert "1 stays dropped." in said
    assert "You see a preview first." not in said


def test_commit_counts_what_comes_along_and_says_what_is_left_undecided(fatima, later):
    connect_and_choose()
    here, dropped, *_ = items()
    link(here, key="PLAT-1")
    carried(here, later)
    dropping.drop(dropped, person("Fatima"))
    factories.action_item(later, "Buy cake")

    page = preview(fatima, later)

    assert text_of(page.by_id("commit")) == "Commit 2 action items: 1 new, 1 carried over"
    assert "3 action items of last time are open and not carried over." in page.text
    fatima.post(f"/retrospectives/{later.id}/phase", {"shown": "discuss", "to": "commit"})
    assert later.phase is Phase.COMMIT


def test_before_the_choice_the_page_says_what_carrying_over_and_dropping_do(fatima, later):
    said = head(show(fatima, later))

    assert "Carry over keeps an action item and its issue" in said
    assert "Drop lets go of it" in said
