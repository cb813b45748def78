"""Completing, opening again and deleting action items."""

from app.models import CompletedIn
from tests.support.acme import connect_and_choose, items, link, links_of, person, sprint_14
from tests.web.action_items.writing import both_ways, fresh


@both_ways
def test_completing_and_opening_again(facilitator, htmx):
    item = items()[0]

    facilitator.post(f"/action-items/{item.id}/completion", htmx=htmx)
    assert (fresh(item).completed_in, fresh(item).completed_by) == (
        CompletedIn.UNPACK,
        person("Fatima"),
    )

    facilitator.post(f"/action-items/{item.id}/completion/removal", htmx=htmx)
    assert not fresh(item).complete


def test_completing_offers_to_undo(facilitator):
    answer = facilitator.post(f"/action-items/{items()[0].id}/completion", htmx=True)

    assert "Completed." in answer.page.texts("p")
    assert "Undo" in answer.page.texts("button")


def test_completing_twice_keeps_who_was_first(facilitator, maya):
    item = items()[0]
    maya.post(f"/action-items/{item.id}/completion")
    facilitator.post(f"/action-items/{item.id}/completion")

    assert fresh(item).completed_by == person("Maya")


@both_ways
def test_deleting_takes_the_item_away_and_leaves_its_issue(facilitator, htmx):
    connect_and_choose()
    item = items()[0]
    link(item)

    confirm = facilitator.get(f"/action-items/{item.id}/deletion", htmx=htmx)
    assert "The Jira issue stays: PLAT-142 is not touched." in confirm.page.text

    answer = facilitator.post(f"/action-items/{item.id}/deletion", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert facilitator.get(f"/action-items/{item.id}").status_code == 404
    panel = facilitator.get(f"/retrospectives/{sprint_14().id}").page
    assert item.title not in panel.texts("a")
    assert links_of(item)[0].due_at is None


def test_after_deleting_the_focus_goes_to_the_next_row(facilitator):
    first, second, *_ = items()
    page = facilitator.post(f"/action-items/{first.id}/deletion", htmx=True).page

    focused = [element.get("id") for element in page.root.iter() if "autofocus" in element.attrib]
    assert focused == [f"m-{second.id}-button"]
