"""What the page of Follow-through says in one place agrees with what it says in another."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.support.acme import team
from tests.support.follow_through import count, retrospective, written
from tests.web.follow_through.pages import PAGE, cells, figures

# On this day, what was written in October is 30 days old unless it is of the 31st.
NOVEMBER_29 = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def late_november(sample):
    """The sample is of today, whenever that is."""
    with time_machine.travel(NOVEMBER_29, tick=False):
        yield


def shown(signed_in) -> tuple[str, dict[str, list[str]]]:
    count()
    page = signed_in("admin@acme.test").get(PAGE).page
    return " ".join(page.text.split()), cells(page, "by the month")


def test_a_month_of_which_all_is_thirty_days_old_is_whole_in_the_note_too(signed_in, late_november):
    platform = retrospective()
    for _ in range(5):
        written(platform, 40, 3)
    written(platform, 3)

    said, months = shown(signed_in)

    assert "Of November not all are 30 days old yet." in said
    assert months["October"][1] == "5, 100 %"
    assert months["November"][1].endswith("so far")


def test_a_month_with_a_younger_one_is_not_whole_in_either(signed_in, late_november):
    platform = retrospective()
    for _ in range(5):
        written(platform, 40, 3)
    written(platform, 29)
    written(platform, 3)

    said, months = shown(signed_in)

    assert "Of October and November not all are 30 days old yet." in said
    assert months["October"][1] == "5 so far"


def test_the_legend_says_how_many_of_it_are_too_young_for_the_share(signed_in, late_november):
    platform = retrospective()
    for _ in range(6):
        written(platform, 40, 3)
    for _ in range(2):
        written(platform, 10, 3)

    count()
    page = signed_in("admin@acme.test").get(PAGE).page

    assert figures(page)["Done within 30 days"].startswith("100 % 6 of 6 that are 30 days old")
    assert "Done within 30 days 8" in page.text
    assert "Of the 8 done within 30 days, 2 are younger than that" in page.text


def test_the_table_is_named_after_what_is_in_it(signed_in, late_november):
    admin, address = signed_in("admin@acme.test"), f"{PAGE}/figures.csv"

    def name(asked: str) -> str:
        given = admin.get(f"{address}{asked}").headers["Content-Disposition"]
        return given.removeprefix("attachment; filename=").strip('"')

    number = team("Mobile").id
    assert name("") == "follow-through-acme-6-months-2026-11-29.csv"
    assert (
        name(f"?months=3&team={number}")
        == f"follow-through-acme-team-{number}-3-months-2026-11-29.csv"
    )


def test_where_all_is_old_enough_nothing_has_to_be_said(signed_in, late_november):
    for _ in range(6):
        written(retrospective(), 40, 3)
    count()

    assert "younger" not in signed_in("admin@acme.test").get(PAGE).page.text
