"""What an address or a form names that is not the team's, or that no row can have."""

import pytest

from tests.support.acme import items
from tests.support.carried import carried
from tests.web.last_time.section import FATIMA, address, rows, show

pytestmark = pytest.mark.both_databases

BEYOND = (2**31, 9999999999)
STRANGER = "owner@tiny.test"


@pytest.mark.parametrize("number", BEYOND)
def test_an_id_that_no_row_can_have_names_no_page(signed_in, later, number):
    item = items()[0]
    page = f"/action-items/{item.id}?in={number}"

    assert signed_in(FATIMA).get(page).status_code == 200
    assert signed_in(STRANGER).get(page).status_code == 404
    assert signed_in(FATIMA).get(f"/action-items/{number}").status_code == 404


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
