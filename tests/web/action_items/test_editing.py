"""Editing action items: what goes to Jira, and who may."""

import pytest

from app.models import ActionItem
from tests.support.acme import connect_and_choose, items, link, links_of, person, sprint_14
from tests.web.action_items.writing import both_ways, fresh


def written(item: ActionItem) -> dict[str, str]:
    """What the item's edit form would send back unchanged."""
    return {
        "title": item.title,
        "description": item.description,
        "assignee": str(item.assignee_id or ""),
        "due": item.due_on.isoformat() if item.due_on else "",
    }


@both_ways
def test_editing_changes_every_field(facilitator, htmx):
    item, tom = items()[0], person("Tom")
    answer = facilitator.post(
        f"/action-items/{item.id}",
        {"title": "New", "description": "a\r\nb", "assignee": str(tom.id), "due": "2031-02-03"},
        htmx=htmx,
    )

    changed = fresh(item)
    assert answer.status_code == (200 if htmx else 303)
    assert (changed.title, changed.description) == ("New", "a\nb")
    assert (changed.assignee, changed.due_on.isoformat()) == (person("Tom"), "2031-02-03")


def test_an_edit_makes_the_issue_due(facilitator):
    connect_and_choose()
    item = items()[0]
    link(item)
    facilitator.post(f"/action-items/{item.id}", {**written(item), "title": "New"})

    assert links_of(item)[0].due_at is not None


def test_saving_without_a_change_sends_nothing(facilitator):
    connect_and_choose()
    item = items()[0]
    link(item)
    facilitator.post(f"/action-items/{item.id}", written(item))

    assert links_of(item)[0].due_at is None


def test_an_edit_does_not_create_an_issue(facilitator):
    connect_and_choose()
    item = items()[0]
    facilitator.post(f"/action-items/{item.id}", {**written(item), "title": "New"})

    assert links_of(item) == []


def test_a_member_edits_what_is_assigned_to_them_and_keeps_the_assignee(maya):
    item = items()[0]
    fields = written(item)
    del fields["assignee"]

    answer = maya.post(f"/action-items/{item.id}", {**fields, "title": "New"})

    assert answer.status_code == 303
    assert fresh(item).title == "New"
    assert fresh(item).assignee == person("Maya")


@both_ways
@pytest.mark.parametrize("page", ["", "/completion", "/completion/removal", "/deletion", "/syncs"])
def test_a_member_changes_nothing_of_others(maya, page, htmx):
    item = items()[1]

    answer = maya.post(f"/action-items/{item.id}{page}", {"title": "New"}, htmx=htmx)

    assert answer.status_code == 403
    assert fresh(item).title == "Rotate the on-call schedule every two weeks"


def test_a_member_sees_no_controls_on_what_is_not_theirs(maya):
    answer = maya.get(f"/retrospectives/{sprint_14().id}")

    labels = [button.get("aria-label") for button in answer.page.all("button")]
    assert "Complete: Add a canary stage to the deploy pipeline" in labels
    assert "Complete: Rotate the on-call schedule every two weeks" not in labels
    assert "More for: Rotate the on-call schedule every two weeks" not in labels


def test_the_edit_form_comes_alone_in_the_panel_and_on_a_page_otherwise(facilitator):
    url = f"/action-items/{items()[0].id}/edit"

    assert facilitator.get(url, htmx=True).page.root[0].get("id") == f"item-{items()[0].id}"
    assert facilitator.get(url).page.texts("h1") == ["Edit action item"]


def test_a_new_item_has_the_same_form(facilitator):
    url = f"/retrospectives/{sprint_14().id}/action-items/new"

    assert facilitator.get(url, htmx=True).page.root[0].get("id") == "add-line"
    assert facilitator.get(url).page.texts("h1") == ["Add action item"]


def test_somebody_who_left_the_team_can_keep_their_item(facilitator):
    item = items()[0]
    team = item.retrospective.team
    team.team_members = [row for row in team.team_members if row.user_id != item.assignee_id]

    answer = facilitator.post(f"/action-items/{item.id}", {**written(item), "title": "New"})

    assert answer.status_code == 303
    assert fresh(item).assignee == person("Maya")
