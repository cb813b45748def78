"""How many failures stand together, and in which order, in words."""

import pytest

from app.services.panel import cause_words
from app.services.panel.cause_words import OrderWords

BY_TIME, BY_CAUSE = "Show them by time", "Show them by cause"
HEADING, NEWEST = "What failed, by cause", "Entries, newest first"
SORTED = OrderWords(NEWEST, "The newest first.", BY_CAUSE)
MANY = OrderWords(HEADING, "500 of 1,200 that failed, by cause.", BY_TIME)


@pytest.mark.parametrize(
    ("shown", "total", "reasons", "grouped", "by_time", "words"),
    [
        (5, 5, 1, True, False, OrderWords(HEADING, "5 failed for 1 reason.", BY_TIME)),
        (7, 7, 2, True, False, OrderWords(HEADING, "7 failed for 2 reasons.", BY_TIME)),
        (500, 1200, 0, True, False, MANY),
        (3, 3, 0, False, False, OrderWords(NEWEST, "", "")),
        (0, 0, 0, False, False, OrderWords(NEWEST, "", "")),
        (25, 32, 0, True, True, SORTED),
        (25, 32, 0, False, True, SORTED),
    ],
)  # fmt: skip
def test_the_order_is_said_with_the_other_one(shown, total, reasons, grouped, by_time, words):
    said = cause_words.order_words(
        shown=shown, total=total, reasons=reasons, grouped=grouped, by_time=by_time
    )

    assert said == words


@pytest.mark.parametrize(
    ("rows", "of_all", "words"),
    [(1, True, "1 action item"), (30, True, "30 action items"), (30, False, "30 shown here")],
)
def test_a_count_says_of_what(rows, of_all, words):
    assert cause_words.count_words(rows, of_all) == words


@pytest.mark.parametrize(("rows", "stand_open"), [(2, 2), (10, 10), (12, 12), (13, 10), (500, 10)])
def test_a_group_leaves_out_no_less_than_three(rows, stand_open):
    assert cause_words.open_of(rows) == stand_open
