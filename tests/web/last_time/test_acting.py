"""Carrying over, completing and dropping from the page of the next retrospective."""

import pytest

from app.models import LinkState, Phase
from app.services.retrospectives import action_items
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, link, links_of
from tests.support.at_once import at_once
from tests.support.carried import carried, linked, next_one
from tests.support.panel import announced
from tests.web.last_time.section import FATIMA, MAYA, address, head, rows, show


@pytest.fixture
def fatima(signed_in):
    return signed_in(FATIMA)


def listed(retrospective) -> list[str]:
    return [item.title for item in action_items.items_of(retrospective)]


def test_carried_over_it_stands_in_both_parts_and_is_undone(fatima, later):
    item = items()[0]

    answer = fatima.post(address(later, item, "/carry-over"), follow_redirects=True)

    assert f"Carried over: {item.title}" in answer.page.text
    assert "Carried over" in rows(answer.page)[item.title]
    assert "Carried over from Sprint 14 Retro" in answer.page.text
    assert listed(later) == [item.title]

    answer = fatima.post(address(later, item, "/carry-over/removal"), follow_redirects=True)
    assert listed(later) == []
    assert "5 open" in head(answer.page)


def test_with_htmx_all_of_the_retrospective_comes_back(fatima, later):
    item = items()[0]
    show(fatima, later)

    answer = fatima.post(address(later, item, "/carry-over"), htmx=True)

    assert announced(answer) == f"Carried over: {item.title}"
    assert answer.page.by_id("retrospective") is not None
    undo = answer.page.by_id(f"last-{item.id}-undo")
    assert undo.get("autofocus") is not None
    assert answer.page.by_id(f"item-{item.id}") is not None


def test_all_that_was_seen_is_carried_over_at_once(fatima, later):
    page = show(fatima, later)
    named = [each.get("value") for each in page.all("input") if each.get("name") == "item"]
    late = factories.action_item(items()[0].retrospective, "Added just now")

    answer = fatima.post(
        address(later, rest="/carry-overs"), {"item": named}, follow_redirects=True
    )

    assert "5 action items carried over" in answer.page.text
    assert late.title not in listed(later)
    assert len(listed(later)) == 5


def test_two_facilitators_at_once_do_no_harm(signed_in, later):
    people = [signed_in(who) for who in (FATIMA, "admin@acme.test")]
    for somebody in people:
        show(somebody, later)
    item = items()[0]
    url = address(later, item, "/carry-over")

    answers = at_once(*(lambda p=p: p.post(url) for p in people))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert listed(later) == [item.title]


def test_after_commit_it_is_refused_in_a_sentence(fatima, later):
    later.phase = Phase.COMMIT

    answer = fatima.post(address(later, items()[0], "/carry-over"))

    assert answer.status_code == 409
    assert "This retrospective is in Commit by now." in answer.page.text


def test_an_item_of_another_team_is_not_there(fatima, signed_in, later):
    other = factories.team(acme(), "Design")
    elsewhere = factories.action_item(factories.retrospective(other, Phase.CLOSED), "Theirs")

    admin = signed_in("admin@acme.test")
    for rest in ("/carry-over", "/drop", "/completion", "/drop/removal"):
        assert admin.post(address(later, elsewhere, rest)).status_code == 404


def test_dropping_asks_first_and_says_what_stays(fatima, later):
    connect_and_choose()
    item = items()[0]
    linked(item, "PLAT-7", "new", "Backlog")

    page = fatima.get(address(later, item, "/drop")).page

    assert page.texts("h1") == ["Drop this action item?"]
    assert "It stays readable in Sprint 14 Retro, marked Dropped" in page.text
    assert (
        "PLAT-7 stays in Jira as it is, in Backlog. Nothing is completed or deleted there."
        in page.text
    )
    assert "It counts as dropped, not as done." in page.text
    assert "Sprint 15 Retro" in page.text
    first = [
        each.get("id")
        for each in page.all("a", "button", "input")
        if each.get("autofocus") is not None
    ]
    assert first == ["why"]

    answer = fatima.post(address(later, item, "/drop"), {"why": "Not now"}, follow_redirects=True)
    assert "Why: “Not now”" in rows(answer.page)[item.title]
    assert "4 open, 1 dropped" in head(answer.page)

    assert "Take up again" in rows(answer.page)[item.title]

    answer = fatima.post(address(later, item, "/drop/removal"), follow_redirects=True)
    assert f"Taken up again: {item.title}" in answer.page.text
    assert "5 open" in head(answer.page)
    assert not item.dropped


def test_dropping_names_a_retrospective_that_is_there(fatima, before, later):
    item = items()[0]
    carried(item, next_one(Phase.CLOSED, title="Sprint 14½ Retro"))
    fatima.post(f"/retrospectives/{before.id}/deletion", follow_redirects=True)

    page = fatima.get(address(later, item, "/drop")).page

    assert "It stays readable in Sprint 14½ Retro, marked Dropped" in page.text
    assert "Sprint 14 Retro" not in page.text


def test_what_was_dropped_is_marked_where_it_was_written_and_taken_up_there(fatima, before, later):
    item = items()[0]
    fatima.post(address(later, item, "/drop"), {"why": "Not now"})
    page = show(fatima, before)

    row = page.by_id(f"item-{item.id}")
    said = "".join(row.itertext())
    assert "Dropped by Fatima" in said
    assert "Take up again" in said
    assert "Edit" not in said
    assert page.by_id(f"item-{item.id}").find(".//button[@role='checkbox']") is None

    fatima.post(f"/action-items/{item.id}/drop/removal")
    assert not item.dropped


def test_members_may_none_of_it(signed_in, later):
    maya, item = signed_in(MAYA), items()[0]
    show(maya, later)

    for rest in ("/carry-over", "/carry-over/removal", "/drop", "/drop/removal"):
        assert maya.post(address(later, item, rest)).status_code == 403
    assert maya.post(address(later, rest="/carry-overs")).status_code == 403
    assert maya.get(address(later, item, "/drop")).status_code == 403
    assert maya.post(f"/action-items/{item.id}/drop/removal").status_code == 403


def test_who_acts_on_a_carried_item_comes_back_to_where_they_were(fatima, before, later):
    item = items()[0]
    carried(item, later)
    page = show(fatima, later)
    row = page.by_id(f"item-{item.id}")
    [check] = [
        each.get("action") for each in row.iter("form") if "completion" in each.get("action")
    ]

    answer = fatima.post(check)

    assert answer.location.endswith(f"/retrospectives/{later.id}#item-{item.id}")
    assert item.complete
    there = show(fatima, before).by_id(f"item-{item.id}")
    assert not any("?in=" in (each.get("action") or "") for each in there.iter("form"))


def test_with_htmx_the_head_is_that_of_the_panel_that_was_seen(fatima, later):
    connect_and_choose()
    item = items()[0]
    carried(item, later)
    show(fatima, later)

    answer = fatima.post(f"/action-items/{item.id}/completion?in={later.id}", htmx=True)

    assert f"/retrospectives/{later.id}/panel" in answer.get_data(as_text=True)


def test_confirm_pages_lead_back_to_where_they_were_opened(fatima, later):
    item = items()[0]
    carried(item, later)

    page = fatima.get(f"/action-items/{item.id}/deletion?in={later.id}").page

    assert "Sprint 15 Retro" in page.text
    [form] = [each for each in page.all("form") if each.get("id") == "confirm"]
    assert form.get("action") == f"/action-items/{item.id}/deletion?in={later.id}"
    answer = fatima.post(form.get("action"))
    assert answer.location.startswith(f"/retrospectives/{later.id}")


def test_where_an_address_names_what_does_not_list_it_it_is_where_it_was_written(
    fatima, before, later
):
    answer = fatima.post(f"/action-items/{items()[0].id}/completion?in={later.id}")

    assert answer.location.startswith(f"/retrospectives/{before.id}#")
    assert fatima.get(f"/action-items/{items()[0].id}?in=x").status_code == 200


def test_what_it_was_written_in_may_be_deleted(fatima, before, later):
    item = items()[0]
    carried(item, later)
    fatima.post(f"/retrospectives/{before.id}/deletion")

    page = fatima.get(f"/action-items/{item.id}").page

    assert "Carried over from Sprint 14 Retro" in page.text
    assert f"/retrospectives/{before.id}" not in page.values("href")
    assert fatima.get(f"/action-items/{items()[1].id}").status_code == 404


def test_the_address_of_a_deleted_one_leads_those_of_the_team_to_the_latest(
    fatima, before, later, signed_in
):
    carried(items()[0], later)
    fatima.post(f"/retrospectives/{before.id}/deletion")
    address_in_jira = f"/retrospectives/{before.id}"

    answer = signed_in(MAYA).get(address_in_jira)

    assert (answer.status_code, answer.location) == (302, f"/retrospectives/{later.id}")
    assert signed_in("owner@tiny.test").get(address_in_jira).status_code == 404
    assert fatima.get(f"{address_in_jira}/panel").status_code == 404
    fatima.post(f"/retrospectives/{later.id}/deletion")
    assert fatima.get(address_in_jira).status_code == 404


def test_the_address_of_a_deleted_one_of_which_none_is_listed_stays_gone(fatima, before, later):
    fatima.post(f"/retrospectives/{before.id}/deletion")

    assert fatima.get(f"/retrospectives/{before.id}").status_code == 404


def test_commit_creates_issues_of_what_has_none_and_the_preview_says_so(fatima, later):
    connect_and_choose()
    has, never, gone, unlinked, dropped = items()
    link(has, key="PLAT-1")
    link(gone, LinkState.DELETED, key="PLAT-3")
    link(dropped, key="PLAT-5")
    link(unlinked, key="PLAT-4").close()
    for item in items():
        carried(item, later)
    factories.action_item(later, "New here")
    fatima.post(address(later, dropped, "/drop"), follow_redirects=True)

    page = fatima.get(f"/retrospectives/{later.id}/commit").page

    assert "2 action items become 2 Tasks in PLAT · Platform Engineering" in page.text
    assert "1 has its issue already, 1 stays unlinked, 1 has a deleted issue" in page.text
    assert "PLAT-3 was deleted in Jira" in page.text
    assert dropped.title not in page.text
    assert "Commit 3 action items: 1 new, 2 carried over" in page.text

    fatima.post(f"/retrospectives/{later.id}/phase", {"shown": "discuss", "to": "commit"})
    assert [len(links_of(item)) for item in (has, never, gone, unlinked)] == [1, 1, 1, 1]
    assert "Create again" in "".join(show(fatima, later).by_id(f"item-{gone.id}").itertext())


def test_the_page_before_says_what_keeps_its_issue(fatima, later):
    connect_and_choose()
    link(items()[0], key="PLAT-1")
    carried(items()[0], later)
    carried(items()[1], later)

    said = show(fatima, later).text

    assert "each without an issue becomes a Task in PLAT · Platform Engineering" in said
    assert "1 keeps its issue." in said


def test_who_was_not_there_reads_who_carried_it_and_dropped_it(fatima, later):
    item = items()[0]
    fatima.post(address(later, item, "/carry-over"))
    fatima.post(address(later, item, "/drop"), {"why": "Not now"})
    fatima.post(address(later, item, "/drop/removal"))

    said = fatima.get(f"/action-items/{item.id}").page.text

    assert "Fatima Said carried it over to Sprint 15 Retro" in said
    assert "Fatima Said dropped it: “Not now”" in said
    assert "Fatima Said took it up again" in said
