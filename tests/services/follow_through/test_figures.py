"""The figures equal a slow, obvious recount, whatever happened to the action items."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.follow_through import tally
from app.services.follow_through.figures import Share, figures_of, share_of
from app.services.follow_through.month_chart import chart_of
from app.services.follow_through.periods import Period
from app.services.follow_through.reports import MonthFigures
from app.services.follow_through.tally import Facts, Kind, Tally
from tests.services.follow_through.slow_recount import Item, Recount, in_plain, in_words

ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Prague", "America/Los_Angeles", "Asia/Tokyo")]
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def items(draw: st.DrawFn) -> Item:
    written_at = draw(moments)
    taken = st.timedeltas(timedelta(0), timedelta(days=70))
    completions = sorted(written_at + each for each in draw(st.lists(taken, max_size=3)))
    dropped = draw(st.booleans()) and draw(st.booleans())
    return Item(
        team="one",
        written_at=written_at,
        due_on=draw(st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 31))),
        completions=completions,
        complete=bool(completions) and draw(st.booleans()),
        dropped=dropped,
        touched_at=written_at + draw(taken),
    )


def facts(item: Item) -> Facts:
    first = item.completions[0] if item.completions else None
    now_done = item.completions[-1] if item.complete else None
    assert item.touched_at is not None
    return Facts(item.written_at, first, now_done, item.dropped, item.due_on, item.touched_at)


@given(st.lists(items(), max_size=12), st.sampled_from(ZONES), st.dates(date(2026, 2, 1)))
def test_figures_are_those_of_a_hand_count(found, zone, today):
    figures = figures_of(tally.tally_of(map(facts, found), zone), today)

    assert in_plain(figures) == in_words(Recount(found, today, zone))


@given(
    st.lists(items(), max_size=12), st.sampled_from(ZONES), st.integers(0, 400), st.integers(0, 90)
)
def test_what_is_settled_reads_the_same_on_every_later_day(found, zone, day, later):
    counted_on = date(2026, 1, 1) + timedelta(days=day)
    whole = tally.tally_of(map(facts, found), zone)

    kept = Tally.restored(tally.settled(whole, counted_on).stored)

    today = counted_on + timedelta(days=later)
    assert figures_of(kept, today) == figures_of(whole, today)
    month_ago = today - timedelta(days=30)
    assert share_of(kept, month_ago) == share_of(whole, month_ago)


@settings(max_examples=50)
@given(st.lists(items(), max_size=8), st.lists(items(), max_size=8))
def test_tallies_add_up(ones, others):
    zone, today = ZONES[1], date(2026, 9, 1)
    parts = [tally.tally_of(map(facts, each), zone) for each in (ones, others)]

    whole = tally.tally_of(map(facts, [*ones, *others]), zone)

    assert figures_of(tally.total_of(parts), today) == figures_of(whole, today)


def test_done_opened_and_done_again_counts_by_its_first_completion():
    item = Facts(NOON, NOON + timedelta(days=3), NOON + timedelta(days=60), False, None, NOON)

    figures = figures_of(tally.tally_of([item], ZONES[0]), date(2027, 3, 1))

    assert (figures.in_time, figures.later, figures.open) == (1, 0, 0)
    assert tally.tally_of([item], ZONES[0]).counts[Kind.DONE] == {60: 1}


def test_one_completion_of_before_is_the_first_and_the_last():
    item = Facts(NOON, None, NOON + timedelta(days=3), False, None, NOON)

    assert figures_of(tally.tally_of([item], ZONES[0]), date(2027, 3, 1)).in_time == 1


def test_dropping_makes_no_number_better():
    kept = [Facts(NOON, NOON, NOON, False, None, NOON)] * 4
    dropped = Facts(NOON, None, NOON, True, None, NOON)

    counted = tally.tally_of([*kept, dropped], ZONES[0])

    assert share_of(counted, date(2027, 3, 1)) == Share(of=5, done=4)


def test_completed_before_it_was_written_took_no_days():
    item = Facts(NOON, NOON - timedelta(days=9), NOON - timedelta(days=9), False, None, NOON)

    assert tally.tally_of([item], ZONES[0]).counts[Kind.DONE] == {0: 1}


@pytest.mark.parametrize(
    ("done", "of", "percent"), [(39, 64, 61), (1, 8, 13), (0, 7, 0), (7, 7, 100), (0, 0, 0)]
)
def test_shares_are_rounded_half_up(done, of, percent):
    assert Share(of=of, done=done).percent == percent


@pytest.mark.parametrize(("of", "sayable"), [(4, False), (5, True)])
def test_of_fewer_than_five_nothing_is_said(of, sayable):
    assert Share(of=of, done=0).sayable is sayable


def test_the_months_that_are_not_settled_are_listed_in_words():
    """On 1 March an item of 31 January is 29 days old."""
    today = date(2027, 3, 1)
    months = [
        MonthFigures(month, figures_of(Tally(), today), settled=month < date(2027, 1, 1))
        for month in Period(today).months
    ]

    assert chart_of(months).unsettled == "January, February and March"
