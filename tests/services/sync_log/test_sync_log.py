"""The sync log's rules: what is pruned, what a day's bars are, what a try is called."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import EntryState, LinkState, Operation, Outcome, SyncAttempt, SyncEntry
from app.services.sync_log import chart as sync_log_chart
from app.services.sync_log import pages, retry, tries
from app.services.sync_log.chart import Chart, Day
from app.services.sync_log.narrowing import Filters, Shown
from app.services.sync_log.pages import Cursor
from tests.support.acme import acme, connect_and_choose, items, link, person
from tests.support.sync_entries import attempt, entry, failed, synced

NOW = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
LONG_AGO = timedelta(days=91)


@pytest.fixture
def connected(app, sample):
    connect_and_choose()


def left() -> set[int]:
    return set(db.session.scalars(db.select(SyncEntry.id)))


@pytest.mark.both_databases
def test_old_entries_are_pruned_with_their_tries(connected):
    old = synced(items()[0], at=NOW - LONG_AGO)
    attempt(old, Outcome.SUCCEEDED)
    new = synced(items()[1], at=NOW - timedelta(days=89))
    attempt(new, Outcome.SUCCEEDED)
    ids = {new.id}

    assert pages.prune(NOW) == 1
    assert left() == ids
    assert set(db.session.scalars(db.select(SyncAttempt.entry_id))) == ids
    assert pages.prune(NOW) == 0


def test_what_failed_stays_until_somebody_looked_after_it(connected):
    log = failed(items()[0], at=NOW - LONG_AGO)
    attempt(log, Outcome.REFUSED)
    older = entry(log.link, at=NOW - 2 * LONG_AGO)

    assert pages.prune(NOW) == 1
    assert left() == {log.id}
    assert older.id not in left()
    assert len(log.attempts) == 1


@pytest.mark.parametrize("change", ["deleted", "unlinked", "synced since"])
def test_a_failure_that_is_nobodys_any_more_goes(connected, change):
    log = failed(items()[0], at=NOW - LONG_AGO)
    if change == "deleted":
        log.action_item.deleted_at = NOW
    elif change == "unlinked":
        log.link.active = False
    else:
        log.link.state = LinkState.SYNCED

    assert pages.prune(NOW) == 1


def test_pruning_goes_on_batch_by_batch(connected, monkeypatch):
    monkeypatch.setattr(pages, "PRUNE_BATCH", 2)
    row = link(items()[0])
    for _ in range(5):
        entry(row, at=NOW - LONG_AGO)

    assert [pages.prune(NOW) for _ in range(4)] == [2, 2, 1, 0]


def test_how_long_entries_are_kept_can_be_configured(connected, app):
    app.config["SYNC_ATTEMPT_DAYS"] = 7
    synced(items()[0], at=NOW - timedelta(days=8))

    assert pages.prune(NOW) == 1


@pytest.mark.both_databases
def test_retrying_everything_and_counting_it_by_team(connected):
    for item in items()[:2]:
        failed(item)

    assert retry.failed_by_team(acme()) == [("Platform", 2)]
    assert retry.retry_all(acme(), person("Adam")) == 2
    assert retry.retry_all(acme(), person("Adam")) == 0
    assert pages.count(acme().id, Filters(Shown.RETRYING)) == 2


@pytest.mark.both_databases
def test_days_are_those_of_the_viewer(connected):
    row = link(items()[0])
    for hour in (21, 22, 23):  # UTC; Stockholm's day begins at 23
        entry(row, at=datetime(2026, 11, 18, hour, 30, tzinfo=UTC))
    entry(row, at=datetime(2026, 11, 18, 20, 0, tzinfo=UTC), tries=2)
    failed(items()[1], at=datetime(2026, 11, 19, 11, 0, tzinfo=UTC))
    entry(row, at=datetime(2026, 11, 5, 22, 0, tzinfo=UTC))  # a day too old

    chart = sync_log_chart.chart_of(acme().id, ZoneInfo("Europe/Stockholm"), NOW)

    assert len(chart.days) == 14
    assert chart.days[-1] == Day(date(2026, 11, 19), at_once=1, failed=1)
    assert chart.days[-2] == Day(date(2026, 11, 18), at_once=2, after_retry=1)
    assert (chart.at_once, chart.after_retry, chart.failed) == (3, 1, 1)
    assert chart.busiest.date == date(2026, 11, 18)


def test_bars_stand_on_each_other_and_failures_hang_below_the_line():
    day = Day(date(2026, 11, 19), at_once=18, after_retry=3, failed=2)

    once, again, down = Chart((day,)).bars(day)

    assert once.y + once.height == pytest.approx(80)
    assert again.y + again.height == pytest.approx(once.y - 1)
    assert again.y >= 3.9
    assert down.y == 82


def test_a_single_sync_can_be_seen_beside_a_thousand():
    small = Day(date(2026, 11, 18), at_once=1, failed=1)
    big = Day(date(2026, 11, 19), at_once=1000, failed=1000)
    chart = Chart((small, big))

    assert all(bar.height >= 1 for bar in chart.bars(small))
    assert all(bar.y >= 0 and bar.y + bar.height <= 104.1 for bar in chart.bars(big))


def tries_of(*outcomes: Outcome) -> list[str]:
    attempts = [
        SyncAttempt(operation=Operation.CREATE, outcome=each, started_at=NOW) for each in outcomes
    ]
    log = SyncEntry(state=EntryState.ERROR, operation=Operation.CREATE, attempts=attempts)
    return [line.words for line in tries.lines_of(log)]


def test_only_failures_use_up_a_retry():
    words = tries_of(Outcome.RATE_LIMITED, Outcome.UNAVAILABLE, Outcome.SUCCEEDED)

    assert words == [
        "First try: asked to slow down (429). No retry is used up",
        "Again: no answer",
        "Retry 1 of 3: created",
    ]


def test_after_three_retries_the_count_goes_on_alone():
    words = tries_of(*[Outcome.REFUSED] * 6)

    assert words[3:] == ["Retry 3 of 3: refused", "Retry 4: refused", "Retry 5: refused"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_words(outcome):
    assert tries_of(outcome)[0].startswith("First try: ")


def test_a_place_in_the_log_survives_its_address():
    cursor = Cursor(utcnow(), 12)

    assert Cursor.parse(cursor.text) == cursor


@pytest.mark.parametrize("text", ["", "-", "1", "a-1", "1-b", "1--1", "²-1", "9" * 17 + "-1"])
def test_what_is_no_place_is_none(text):
    assert Cursor.parse(text) is None
