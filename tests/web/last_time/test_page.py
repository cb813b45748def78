"""What a team committed before, on the page of its next retrospective."""

from datetime import date, timedelta

import pytest

from app.clock import utcnow
from app.models import CompletedIn, JiraSettings, LinkState, Phase
from app.services.panel import retrospective_changes
from app.services.panel.carried import words_of
from app.services.retrospectives import action_items, dropping
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, make_free, person
from tests.support.carried import carried, linked, next_one, untouched_here
from tests.web.last_time.section import FATIMA, MAYA, head, is_there, rows, show


def listen(connection) -> None:
    """Webhooks are on."""
    connection.organization.settings = JiraSettings(webhooks_enabled=True)


def five_ways() -> list[str]:
    """An item in each way in which it may stand; their titles, as the page has to list them."""
    untouched, overdue, doing, done, gone = items()
    for item in items():
        item.due_on = date(2026, 1, 1) if item is overdue else None
        item.touched_in_jira_at = utcnow() - timedelta(days=1) if item is doing else None
        untouched_here(item)
    linked(untouched, "PLAT-1")
    linked(overdue, "PLAT-2", "indeterminate", "In Review")
    linked(doing, "PLAT-3", "indeterminate", "In Progress")
    linked(done, "PLAT-4", "done", "Done")
    done.completed_at, done.completed_in = utcnow(), CompletedIn.JIRA
    linked(gone, "PLAT-5", state=LinkState.DELETED)
    return [item.title for item in (overdue, untouched, gone, doing, done)]


def test_the_worst_comes_first_and_what_is_done_last(signed_in, later):
    listen(connect_and_choose())
    titles = five_ways()

    page = show(signed_in(FATIMA), later)

    assert list(rows(page)) == titles
    overdue, untouched, gone, doing, done = rows(page).values()
    assert "Was due 1 Jan" in overdue
    assert "Untouched for 14 days" in untouched
    assert "In Jira: To Do" in untouched
    assert "Deleted in Jira" in gone
    assert "In Jira: In Progress" in doing
    assert "Untouched" not in doing
    assert "Completed in Jira by PLAT-4" in done
    assert all("Sprint 14 Retro" in row for row in rows(page).values())
    assert "4 open, 1 done since" in head(page)
    assert "What Platform decided in earlier retrospectives. Jira as of" in head(page)


def test_who_leads_carries_over_and_drops_and_members_see(signed_in, later):
    five = [rows(show(signed_in(who), later)) for who in (FATIMA, MAYA)]

    led, seen = (list(each.values())[0] for each in five)
    assert "Carry over" in led
    assert "Drop…" in led
    assert "Carry over" not in seen
    assert "Drop…" not in seen
    assert "The facilitator decides what is carried over." in head(show(signed_in(MAYA), later))
    assert "Carry over all 5" in head(show(signed_in(FATIMA), later))


def test_members_complete_their_own_and_nobody_elses(signed_in, later):
    mine, other = items()[:2]
    mine.assignee, other.assignee = person("Maya"), person("Tom")
    other.created_by = person("Tom")
    maya = signed_in(MAYA)

    assert (
        maya.post(f"/retrospectives/{later.id}/last-time/{mine.id}/completion").status_code == 303
    )
    assert (
        maya.post(f"/retrospectives/{later.id}/last-time/{other.id}/completion").status_code == 403
    )

    assert (mine.complete, other.complete) == (True, False)
    assert "1 done since" in head(show(maya, later))


def test_a_first_retrospective_has_no_empty_box(signed_in, sample, app):
    first = factories.retrospective(factories.team(acme(), "Design"), Phase.DISCUSS)

    assert not is_there(show(signed_in("admin@acme.test"), first))


@pytest.mark.parametrize("phase", [Phase.COMMIT, Phase.CLOSED])
def test_from_commit_on_it_is_not_there(signed_in, before, phase):
    assert not is_there(show(signed_in(FATIMA), next_one(phase)))


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.CHECK_IN, Phase.VOTE, Phase.DISCUSS])
def test_it_is_there_as_soon_as_the_retrospective_is(signed_in, before, phase):
    assert is_there(show(signed_in(FATIMA), next_one(phase)))


def test_without_jira_it_says_what_unpack_knows(signed_in, later):
    page = show(signed_in(FATIMA), later)

    assert "Jira is not connected, so this is what Unpack knows." in head(page)
    assert "Untouched for 14 days" in list(rows(page).values())[-1]


def test_on_free_it_says_so(signed_in, later):
    connect_and_choose()
    make_free()

    said = head(show(signed_in(FATIMA), later))

    assert "The plan does not include Jira, so this is what Unpack knows." in said
    assert "Asking Jira" not in said


def test_without_webhooks_it_names_the_status_and_offers_to_complete(signed_in, later):
    connect_and_choose()
    item = items()[0]
    linked(item, "PLAT-1", "done", "Shipped")

    page = show(signed_in(FATIMA), later)

    assert "In Jira: Shipped as of" in rows(page)[item.title]
    assert "Done in Jira" in rows(page)[item.title]
    assert list(rows(page))[-1] == item.title
    assert "Carry over all 4" in head(page)
    check = page.by_id(f"last-{item.id}-check")
    assert check.get("aria-checked") == "false"


def test_jira_down_shows_the_last_truth_with_its_time(signed_in, later):
    connect_and_choose()
    linked(items()[0], "PLAT-1", status_seen_at=utcnow() - timedelta(days=1))
    later.looked_back_at = utcnow() - timedelta(minutes=1)

    said = head(show(signed_in(FATIMA), later))

    assert "Jira did not answer; what it said is as of" in said
    assert "Asking Jira" not in said


def test_what_changed_three_days_ago_is_not_called_untouched(signed_in, before):
    before.committed_at = utcnow() - timedelta(days=3)
    for item in items():
        untouched_here(item)
    page = show(signed_in(FATIMA), next_one())

    assert not any("Untouched" in row for row in rows(page).values())


def test_an_edit_here_touches_it(signed_in, later):
    item = items()[0]
    action_items.edit(item, action_items.ActionItemFields("Another title"), person("Fatima"))

    assert "Untouched" not in rows(show(signed_in(FATIMA), later))["Another title"]


def test_what_was_carried_over_before_says_how_often(signed_in, before):
    item = items()[0]
    for number in (15, 16):
        carried(item, next_one(Phase.CLOSED, title=f"Sprint {number} Retro"))
    last = next_one(title="Sprint 17 Retro")

    assert "Carried over twice" in rows(show(signed_in(FATIMA), last))[item.title]

    carried(item, last)
    page = show(signed_in(FATIMA), last)
    assert "Carried over from Sprint 14 Retro, third time" in page.text
    assert "1 carried over" in head(page)


def test_an_earlier_page_counts_no_later_times(signed_in, before):
    item, fatima = items()[0], signed_in(FATIMA)
    deleted = next_one(title="Deleted Retro")
    second, third = (next_one(title=f"Sprint {number} Retro") for number in (15, 16))
    for retrospective in (deleted, second, third):
        carried(item, retrospective)
    retrospective_changes.delete(deleted, person("Adam"))

    came = "Carried over from Sprint 14 Retro"
    assert came in show(fatima, second).text
    assert f"{came}," not in show(fatima, second).text
    assert f"{came}, second time" in show(fatima, third).text
    assert "Carried over once" in rows(show(fatima, third))[item.title]


@pytest.mark.parametrize(
    ("times", "said"), [(5, "fifth"), (6, "6th"), (11, "11th"), (12, "12th"), (21, "21st")]
)
def test_the_time_is_said_as_people_count(before, times, said):
    for number in range(times):
        last = next_one(title=f"Retro {number}")
        carried(items()[0], last)

    [came] = words_of(items()[:1], last).values()

    assert came == f"Carried over from Sprint 14 Retro, {said} time"


def test_what_was_dropped_since_says_why_and_can_be_taken_up(signed_in, later):
    item = items()[0]
    dropping.drop(item, person("Fatima"), "Somebody else does it")

    fatima, maya = (rows(show(signed_in(who), later))[item.title] for who in (FATIMA, MAYA))

    for said in (fatima, maya):
        assert "Dropped by Fatima" in said
        assert "Why: “Somebody else does it”" in said
    assert "Take up again" in fatima
    assert "Take up again" not in maya


def test_what_was_done_before_the_last_time_is_not_listed(signed_in, before):
    item = items()[0]
    item.completed_at = utcnow() - timedelta(days=7)
    next_one(Phase.CLOSED, committed_at=utcnow() - timedelta(days=1))

    assert item.title not in rows(show(signed_in(FATIMA), next_one(title="Sprint 16 Retro")))


def test_another_team_is_none_of_it(signed_in, before):
    other = factories.team(acme(), "Design")
    there = factories.retrospective(other, Phase.CLOSED, committed_at=utcnow())
    factories.action_item(there, "Of Design")

    assert "Of Design" not in rows(show(signed_in("admin@acme.test"), next_one()))


def test_what_is_not_committed_is_none_of_it(signed_in, later):
    factories.action_item(next_one(title="Beside it"), "Not committed")

    assert "Not committed" not in rows(show(signed_in(FATIMA), later))


def test_a_hundred_open_ones_are_shown_and_the_rest_is_in_the_list(signed_in, before):
    for number in range(110):
        factories.action_item(before, f"Item {number}")

    page = show(signed_in(FATIMA), next_one())

    assert len(rows(page)) == 100
    assert "More are open than are shown. See all of them" in head(page)
