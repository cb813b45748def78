"""Numbers that are counted no further than anybody wants to know."""

import pytest

from app.models import ActionItem
from app.services.counts import Count, counted
from app.services.labels import plural
from tests.support import factories
from tests.support.acme import sprint_14


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (1001, "1,000+")]
)
def test_a_count_is_exact_to_a_thousand(number, words):
    count = Count(number)

    assert (str(count), f"{count}", f"{count:,}") == (words, words, words)
    assert plural(count, "item") == f"{words} item" + ("s" if number != 1 else "")


@pytest.mark.both_databases
def test_no_more_is_counted_than_it_takes_to_know(app, sample, monkeypatch):
    monkeypatch.setattr("app.services.counts.MOST", 3)
    of_it = ActionItem.retrospective_id == sprint_14().id
    for number in range(4):
        factories.action_item(sprint_14(), f"Item {number}")

    assert counted(ActionItem.__table__.select().where(of_it)) == 4
