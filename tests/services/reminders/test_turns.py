"""When a digest or a reminder is due by somebody's clock, whatever clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.reminders.turns import (
    LATEST,
    Considered,
    DigestTime,
    digest_moment,
    monday_of,
    turn,
)

MONDAY = DigestTime()
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
AUCKLAND, HONOLULU = ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")
WEEK_48 = date(2026, 11, 23)
HOUR = timedelta(hours=1)


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def known(week: date = date(2026, 11, 16), day: date = date(2026, 11, 22)) -> Considered:
    return Considered(week, day)


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        (BERLIN, "2026-11-23 07:00"),
        (NEW_YORK, "2026-11-23 13:00"),
        (AUCKLAND, "2026-11-22 19:00"),
        (HONOLULU, "2026-11-23 18:00"),
    ],
)
def test_a_digest_is_due_at_eight_on_monday_where_the_person_is(zone, moment):
    before = turn(known(), MONDAY, zone, at(moment) - timedelta(seconds=1))
    then = turn(known(), MONDAY, zone, at(moment))

    assert (before.digest, before.next_at <= at(moment)) == (None, True)
    assert then.digest == WEEK_48
    assert turn(then.considered, MONDAY, zone, at(moment) + HOUR).digest is None


@pytest.mark.parametrize(("late", "owed"), [(LATEST, True), (LATEST + HOUR, False)])
def test_for_two_days_a_digest_goes_out_late_then_it_is_left_out(late, owed):
    found = turn(known(), MONDAY, BERLIN, at("2026-11-23 07:00") + late)

    assert found.digest == (WEEK_48 if owed else None)
    assert found.skipped == (() if owed else (WEEK_48,))


def test_after_weeks_of_silence_only_the_last_one_goes_out():
    found = turn(known(date(2026, 11, 2)), MONDAY, BERLIN, at("2026-11-24 07:00"))

    assert (found.digest, found.skipped) == (WEEK_48, (date(2026, 11, 9), date(2026, 11, 16)))


def test_whoever_is_new_is_owed_what_comes_next():
    first = turn(Considered(), MONDAY, BERLIN, at("2026-11-23 07:00"))

    assert (first.digest, first.reminder) == (None, None)
    assert first.next_at == at("2026-11-24 07:00")
    assert turn(first.considered, MONDAY, BERLIN, at("2026-11-30 07:00")).digest is not None


def test_who_flies_west_after_the_digest_gets_no_second_one_that_week():
    found = turn(known(), MONDAY, AUCKLAND, at("2026-11-22 19:00"))
    weeks = []
    for hours in range(0, 24 * 8):
        found = turn(found.considered, MONDAY, HONOLULU, at("2026-11-22 20:00") + hours * HOUR)
        weeks += [found.digest] if found.digest else []

    assert weeks == [date(2026, 11, 30)]


def test_who_flies_east_past_the_hour_still_gets_it():
    found = turn(known(), MONDAY, NEW_YORK, at("2026-11-23 11:59"))
    assert found.digest is None

    assert turn(found.considered, MONDAY, BERLIN, at("2026-11-23 12:00")).digest == WEEK_48


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_where_the_clock_changes_the_hour_is_that_of_the_clock(day):
    sunday = DigestTime(weekday=6, hour=2)
    week = monday_of(date.fromisoformat(day))
    moment = digest_moment(week, sunday, BERLIN)

    found = turn(Considered(week - timedelta(weeks=1), date(2026, 1, 1)), sunday, BERLIN, moment)

    assert found.digest == week
    assert turn(found.considered, sunday, BERLIN, moment + HOUR).digest is None


def test_a_reminder_is_of_the_day_that_it_is_and_comes_once():
    first = turn(known(), MONDAY, BERLIN, at("2026-11-25 10:00"))
    again = turn(first.considered, MONDAY, BERLIN, at("2026-11-25 11:00"))

    assert first.reminder == date(2026, 11, 25)
    assert again.reminder is None
    assert again.next_at == at("2026-11-26 07:00")


ZONES = st.sampled_from([BERLIN, NEW_YORK, AUCKLAND, HONOLULU, ZoneInfo("Asia/Kathmandu")])
MOVES = st.lists(st.tuples(st.integers(0, 365 * 24), ZONES), max_size=6)
OUTAGES = st.lists(st.tuples(st.integers(0, 365 * 24), st.integers(1, 120)), max_size=8)
TIMES = st.builds(DigestTime, st.integers(0, 6), st.integers(0, 23))


@given(TIMES, MOVES, OUTAGES, st.sets(st.integers(0, 365 * 24), max_size=20))
@settings(max_examples=60, deadline=None)
def test_over_a_year_each_week_has_one_decision_and_none_in_time_is_missed(
    digest_time, moves, outages, kills
):
    """A tick an hour, but for outages; a kill loses a decision with what it owed."""
    start = at("2026-01-01 00:00")
    moves = dict(moves)
    down = {hour + n for hour, length in outages for n in range(length)}
    considered, zone = Considered(), BERLIN
    owed, skipped, first = [], [], None
    for hour in range(365 * 24):
        zone = moves.get(hour, zone)
        if hour in down or hour in kills:
            continue
        now = start + hour * HOUR
        found = turn(considered, digest_time, zone, now)
        first = first or found.considered.week
        if found.digest:
            assert now - digest_moment(found.digest, digest_time, zone) <= LATEST
            owed.append(found.digest)
        for week in found.skipped:
            assert now - digest_moment(week, digest_time, zone) > LATEST or found.digest
        skipped += found.skipped
        considered = found.considered
        assert found.next_at > now

    weeks = sorted(owed + skipped)
    assert weeks == [first + timedelta(weeks=1 + n) for n in range(len(weeks))]
    assert considered.week == (weeks or [first])[-1]
    if not outages:
        assert skipped == []


@given(MOVES, OUTAGES)
@settings(max_examples=30, deadline=None)
def test_over_a_year_no_day_has_two_reminders(moves, outages):
    start, considered, zone = at("2026-01-01 00:00"), Considered(), BERLIN
    down = {hour + n for hour, length in outages for n in range(length)}
    days = []
    for hour in range(365 * 24):
        zone = dict(moves).get(hour, zone)
        if hour in down:
            continue
        found = turn(considered, MONDAY, zone, start + hour * HOUR)
        considered = found.considered
        days += [found.reminder] if found.reminder else []
        if found.reminder:
            assert found.reminder == (start + hour * HOUR).astimezone(zone).date()

    assert days == sorted(set(days))
    if not outages and not moves:
        assert len(days) >= 364
