"""Whatever counts, lists or tells of action items knows what was carried over and dropped."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, CarryOver, Phase
from app.services.backfill import past_items
from app.services.departures import account_deletion, personal_data
from app.services.panel import panels, recent_retrospectives, retrospective_changes
from app.services.reminders import open_items
from app.services.retrospectives import action_item_search, carrying, dropping
from app.services.retrospectives.item_filters import Completion, Filters
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, person, team
from tests.support.carried import linked
from tests.web.last_time.section import FATIMA, show

pytestmark = pytest.mark.both_databases


@pytest.fixture
def kept(before, later) -> ActionItem:
    """Carried over by Fatima to Sprint 15, which was committed; Sprint 14 was deleted since."""
    item = items()[0]
    item.assignee = person("Maya")
    carrying.carry_over(item, later, person("Fatima"))
    later.phase, later.committed_at = Phase.COMMIT, utcnow()
    retrospective_changes.delete(before, person("Adam"))
    return item


@pytest.fixture
def dropped(before) -> ActionItem:
    """By Fatima, who says why."""
    item = items()[1]
    item.assignee = person("Maya")
    dropping.drop(item, person("Fatima"), "Not now")
    return item


def row_of(retrospective):
    rows = recent_retrospectives.recent(acme(), [team()])
    return next(each for each in rows if each.retrospective.id == retrospective.id)


def test_the_counts_of_a_retrospective(before, later, dropped):
    carrying.carry_over(items()[0], later, person("Fatima"))
    factories.action_item(later, "New here")

    assert row_of(later).counts == "2 open"
    assert row_of(before).counts == "4 open, 1 dropped"
    page = recent_retrospectives.page_of(team()).rows
    assert [each.counts for each in page] == ["2 open", "4 open, 1 dropped"]
    assert [each.carried for each in page] == [1, 0]


def test_a_team_reads_which_of_the_counted_are_counted_elsewhere_too(signed_in, later):
    carrying.carry_over(items()[0], later, person("Fatima"))
    factories.action_item(later, "New here")

    page = signed_in(FATIMA).get(f"/organizations/acme/teams/{team().id}").page

    assert "2 open, 1 of them carried over" in page.text
    assert page.text.count("of them carried over") == 1


def test_the_number_of_open_ones_and_the_lists(dropped):
    teams = [team()]

    def found(completion: Completion) -> list[str]:
        asked = Filters(completion=completion)
        listed = action_item_search.search(acme(), teams, asked, utcnow().date())
        return [item.title for item in listed.items]

    assert action_item_search.open_count(acme(), teams) == 4
    assert dropped.title not in found(Completion.OPEN)
    assert found(Completion.COMPLETE) == [dropped.title]


def test_the_list_says_that_it_was_dropped(dropped, signed_in):
    page = signed_in(FATIMA).get("/organizations/acme/action-items?state=complete").page

    assert "Dropped by Fatima" in page.text


def test_what_is_listed_in_jira_at_once(later, before):
    connect_and_choose()
    for number, item in enumerate(items()[:2]):
        linked(item, f"PLAT-{number}")
        carrying.carry_over(item, later, person("Fatima"))

    assert "PLAT-0%2C%20PLAT-1" in panels.panel_of(later).all_in_jira


def test_past_items_are_those_that_somebody_still_wants(before, dropped):
    connect_and_choose()

    assert dropped not in db.session.scalars(past_items.past_items(acme().id)).all()


def test_past_items_are_kept_with_what_goes_on_with_them(kept):
    connect_and_choose()

    assert kept in db.session.scalars(past_items.past_items(acme().id)).all()


def test_mails_tell_of_what_is_carried_over_once_and_of_nothing_dropped(kept, dropped):
    assert [item.id for item in open_items.of(person("Maya"))] == [kept.id]
    assert open_items.owners_among([person("Maya").id]) == {person("Maya").id}


def test_what_somebody_did_is_told_to_them(later, dropped):
    carrying.carry_over(items()[0], later, person("Fatima"))

    given = personal_data.of(person("Fatima"))

    assert [each["action_item_id"] for each in given["carried_over"]] == [items()[0].id]
    mine = next(each for each in given["action_items"] if each["id"] == dropped.id)
    assert "dropped_by" in mine["you_are"]
    assert mine["drop_reason"] == "Not now"
    assert mine["dropped_at"]
    kinds = [each["kind"] for each in given["changes_of_action_items"]]
    assert kinds == ["dropped"]


def test_who_deletes_their_account_leaves_what_they_did_as_a_former_member(
    later, dropped, signed_in
):
    item = items()[0]
    carrying.carry_over(item, later, person("Fatima"))
    account_deletion.delete(person("Fatima"))

    assert db.session.scalar(select(CarryOver)).carried_by.name == "A former member"
    admin = signed_in("admin@acme.test")
    said = admin.get(f"/action-items/{item.id}").page.text
    assert "A former member carried it over to Sprint 15 Retro" in said
    assert "Dropped by A," in show(admin, later).text


def test_the_history_counts_what_went_with_a_deleted_retrospective(kept, signed_in):
    page = signed_in("admin@acme.test").get("/organizations/acme/settings/history").page

    assert "4 action items" in page.text


def test_deleting_says_what_stays(before, later, signed_in):
    carrying.carry_over(items()[0], later, person("Fatima"))

    page = signed_in(FATIMA).get(f"/retrospectives/{before.id}/deletion").page

    assert "with 4 action items" in page.text
    assert "1 action item stays, because another retrospective lists it, too." in page.text


def test_what_was_dropped_before_the_last_commit_is_not_listed(before, later, dropped, signed_in):
    before.committed_at = utcnow() + timedelta(seconds=1)

    assert dropped.title not in show(signed_in(FATIMA), later).text
