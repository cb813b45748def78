"""How many of an hour's points may be spent by now."""

from datetime import UTC, datetime, timedelta

import pytest

from app.models import Spending
from app.services.points import allowance
from app.services.points.allowance import Quota, Spent

QUOTA = Quota(65_000, 3600)
START = datetime(2026, 11, 29, 12, tzinfo=UTC)
USABLE = 64_350  # a hundredth is never spent


def spent(by_all: int, by_own: int = 0, connections: int = 1) -> Spent:
    return Spent(START, by_all, by_own, connections)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_creates_that_somebody_waits_for_may_have_all_of_it() -> None:
    assert allowance.allowed(QUOTA, spent(0), Spending.CREATES, START) == USABLE


def test_what_is_less_urgent_leaves_more() -> None:
    by_urgency = [allowance.allowed(QUOTA, spent(0), each, START) for each in sorted(Spending)]

    assert by_urgency == sorted(set(by_urgency), reverse=True)
    assert by_urgency[-2:] == [41_827, 32_175]  # reads: 65 %, recent ones 50 %


@pytest.mark.parametrize("spending", Spending)
def test_at_the_end_of_the_hour_everything_may_have_the_rest(spending: Spending) -> None:
    assert allowance.allowed(QUOTA, spent(0, USABLE), spending, at(54)) == USABLE


def test_who_has_had_more_than_their_share_leaves_some_for_others() -> None:
    greedy = spent(30_000, by_own=29_000, connections=2)
    modest = spent(30_000, by_own=1_000, connections=2)

    assert allowance.allowed(QUOTA, greedy, Spending.CREATES, START) == 48_262  # 75 %
    assert allowance.allowed(QUOTA, modest, Spending.CREATES, START) == USABLE


def test_with_many_who_want_some_a_share_is_smaller() -> None:
    of_few = spent(10_000, by_own=1_000, connections=10)
    of_many = spent(10_000, by_own=1_000, connections=200)

    assert allowance.allowed(QUOTA, of_few, Spending.CREATES, START) == USABLE
    assert allowance.allowed(QUOTA, of_many, Spending.CREATES, START) < USABLE


@pytest.mark.parametrize("spending", Spending)
@pytest.mark.parametrize("by_all", [0, 20_000, 45_000, 60_000, USABLE - 101])
def test_when_they_are_said_to_be_free_they_are(spending: Spending, by_all: int) -> None:
    known = spent(by_all, by_own=by_all)

    when = allowance.free_at(QUOTA, known, spending, 101)

    assert allowance.free(QUOTA, known, spending, when) >= 101
    just_before = when - timedelta(seconds=1)
    assert when <= START + timedelta(seconds=1) or (
        allowance.free(QUOTA, known, spending, just_before) < 101
    )


def test_what_does_not_fit_any_more_waits_for_the_next_hour() -> None:
    when = allowance.free_at(QUOTA, spent(USABLE - 50), Spending.CREATES, 101)

    assert when == START + timedelta(seconds=3601.8)  # a moment after Atlassian's clock
    assert QUOTA.window_start(when) == START + timedelta(hours=1)


def test_an_hour_begins_with_the_hour_and_never_early() -> None:
    assert QUOTA.window_start(at(59.9)) == START
    assert QUOTA.window_start(at(60) + timedelta(seconds=1)) == START
    assert QUOTA.window_start(at(60) + timedelta(seconds=2)) == at(60)
