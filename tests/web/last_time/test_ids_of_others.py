"""What an address or a form names that is not the team's, or that no row can have."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import ActionItem, Phase
from app.services.retrospectives import action_items, carrying
from tests.support import factories
from tests.support.acme import items, person
from tests.support.carried import carried
from tests.support.panel import announced
from tests.web.last_time.section import FATIMA, address, rows, show

BEYOND = (2**31, 9999999999)
STRANGER = "owner@tiny.test"


@pytest.mark.both_databases
@pytest.mark.parametrize("number", BEYOND)
def test_an_id_that_no_row_can_have_names_no_page(signed_in, later, number):
    item = items()[0]
    page = f"/action-items/{item.id}?in={number}"

    assert signed_in(FATIMA).get(page).status_code == 200
    assert signed_in(STRANGER).get(page).status_code == 404
    assert signed_in(FATIMA).get(f"/action-items/{number}").status_code == 404


@pytest.mark.both_databases
def test_the_page_that_an_address_names_is_looked_for_once_they_may_come_in(
    signed_in, later, asked
):
    item = items()[0]
    carried(item, later)
    page = f"/action-items/{item.id}?in={later.id}"
    stranger = signed_in(STRANGER)
    asked.clear()

    assert stranger.get(page).status_code == 404
    assert not [each for each in asked if "carry_over.retrospective_id =" in str(each)]
    assert signed_in(FATIMA).get(page).status_code == 200


@pytest.mark.both_databases
@pytest.mark.parametrize("number", BEYOND)
def test_an_id_that_no_row_can_have_is_carried_over_by_nobody(signed_in, later, number):
    fatima = signed_in(FATIMA)
    show(fatima, later)
    named = [str(number), str(items()[0].id)]

    answer = fatima.post(
        address(later, rest="/carry-overs"), {"item": named}, follow_redirects=True
    )

    assert "1 action item carried over" in answer.page.text
    assert "Carried over" in rows(answer.page)[items()[0].title]


@pytest.mark.both_databases
def test_an_item_of_others_is_as_one_that_is_not_there(signed_in, later):
    theirs = item_of_another_team()
    fatima = signed_in(FATIMA)
    show(fatima, later)

    answers = [
        fatima.post(address(later, rest="/carry-overs"), {"item": [number]}, htmx=True)
        for number in (theirs.id, theirs.id + 1000)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [announced(answer) for answer in answers] == ["0 action items carried over"] * 2
    assert action_items.items_of(later) == []


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_nobody_waits_for_whoever_names_an_item_of_others(later):
    theirs = item_of_another_team()
    named, by = [items()[0].id, theirs.id], person("Fatima")
    db.session.commit()

    assert carrying.carry_over_all(named, later, by) == [items()[0]]

    number = theirs.id
    held = select(ActionItem.id).where(ActionItem.id == number).with_for_update(nowait=True)
    with db.engine.connect() as somebody_else:
        assert somebody_else.scalar(held) == number


@pytest.mark.both_databases
def test_more_items_than_a_page_shows_are_refused_in_a_sentence(signed_in, later):
    fatima = signed_in(FATIMA)
    show(fatima, later)
    named = [str(number) for number in range(1, 40_001)]

    answer = fatima.post(address(later, rest="/carry-overs"), {"item": named})

    assert answer.status_code == 409
    assert "At most 100 action items are carried over at once." in answer.page.text
    assert action_items.items_of(later) == []


def item_of_another_team() -> ActionItem:
    """Committed, and of another organization."""
    retrospective = factories.retrospective(factories.team(factories.organization()), Phase.CLOSED)
    return factories.action_item(retrospective, "Theirs")
