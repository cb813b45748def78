"""Days of the log: what somebody writes, and when they begin and end where that person is."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.services.sync_log.days import Days, DaysReversed, NoSuchDay, day_of

BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


@pytest.mark.parametrize(
    ("zone", "begin", "end"),
    [
        (UTC, datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)),
        # The night in which clocks go back: a day of 25 hours.
        (
            BERLIN,
            datetime(2026, 10, 24, 22, tzinfo=UTC),
            datetime(2026, 10, 25, 23, tzinfo=UTC),
        ),
        (
            AUCKLAND,
            datetime(2026, 10, 24, 11, tzinfo=UTC),
            datetime(2026, 10, 25, 11, tzinfo=UTC),
        ),
    ],
)
def test_a_day_is_that_of_the_person(zone, begin, end):
    day = date(2026, 10, 25)

    assert (Days(day, day, zone).begin, Days(day, day, zone).end) == (begin, end)


def test_one_end_may_be_open():
    assert Days(date(2026, 10, 25), None, UTC).end is None
    assert Days(None, date(2026, 10, 25), UTC).begin is None


def test_the_last_is_not_before_the_first():
    with pytest.raises(DaysReversed):
        Days(date(2026, 10, 26), date(2026, 10, 25), UTC)


@pytest.mark.parametrize(
    "text", ["soon", "2026-13-01", "20261030", "2026-W40-1", "0001-01-01", "٢٠٢٦-10-10"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(NoSuchDay):
        day_of(text)


def test_nothing_is_no_day():
    assert day_of("  ") is None
