"""Service levels: what is counted in 28 days, what misses, and who is told."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.models import (
    EntryState,
    Level,
    LinkState,
    Operation,
    Phase,
)
from app.operations.doctor import service_levels
from app.operations.doctor.finding import Level as Grade
from app.operations.levels import level_counts, level_words
from app.operations.levels.promises import PROMISES, Counted, goes_fast
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, link, sprint_14
from tests.support.carried import carried
from tests.support.service_levels import committed_with_key_after, counted_hour
from tests.support.sync_entries import entry

pytestmark = pytest.mark.usefixtures("app")

COMMITS = PROMISES[Level.COMMITS]


def commits(now: datetime | None = None) -> Counted:
    return level_counts.of_organization(acme().id, now or utcnow())[Level.COMMITS]


@pytest.mark.both_databases
def test_a_commit_is_kept_if_all_of_its_keys_came_in_time(sample: None) -> None:
    connect_and_choose()
    committed_with_key_after(1.5, 9.5)
    committed_with_key_after(1.5, 10.5)
    committed_with_key_after(1.5, None, ago=timedelta(hours=3))
    committed_with_key_after(None, ago=timedelta(days=29))
    committed_with_key_after(ago=timedelta(days=1))

    assert commits() == Counted(counted=3, missed=2, missed_in_hour=1)


@pytest.mark.both_databases
def test_what_has_still_some_seconds_is_not_judged_yet(sample: None) -> None:
    connect_and_choose()
    committed_with_key_after(None, ago=timedelta(seconds=5))

    assert commits() == Counted()
    assert commits(utcnow() + timedelta(seconds=6)).missed == 1


@pytest.mark.both_databases
def test_what_the_commit_did_not_ask_for_is_left_out(sample: None) -> None:
    connect_and_choose()
    retrospective = committed_with_key_after(1.0, ago=timedelta(hours=2))
    at = retrospective.committed_at
    assert at is not None
    before, later = at - timedelta(hours=1), at + timedelta(minutes=10)
    synced_later = factories.action_item(retrospective, created_at=before)
    link(synced_later, LinkState.WAITING, key=None, created_at=later)
    added = factories.action_item(retrospective, created_at=at + timedelta(seconds=5))
    link(added, LinkState.WAITING, key=None, created_at=at + timedelta(seconds=5))
    deleted = factories.action_item(
        retrospective, created_at=before, deleted_at=at + timedelta(seconds=3)
    )
    link(deleted, LinkState.WAITING, key=None, created_at=at)

    assert commits() == Counted(counted=1)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("opened_after", "counted"), [(0.02, Counted(1, 1, 1)), (-86400.0, Counted())]
)
def test_what_was_carried_over_counts_where_its_commit_creates_the_issue(
    sample: None, opened_after: float, counted: Counted
) -> None:
    connect_and_choose()
    later = committed_with_key_after()
    at = later.committed_at
    assert at is not None
    item = factories.action_item(sprint_14(Phase.CLOSED), created_at=at - timedelta(days=7))
    carried(item, later)
    opened = at + timedelta(seconds=opened_after)
    entry(link(item, created_at=opened), at=opened + timedelta(seconds=12))

    assert commits() == counted


def test_what_was_dropped_at_once_is_left_out(sample: None) -> None:
    connect_and_choose()
    retrospective = committed_with_key_after(1.0, None)
    at = retrospective.committed_at
    assert at is not None
    retrospective.action_items[1].dropped_at = at + timedelta(seconds=3)

    assert commits() == Counted(counted=1)


def test_a_create_that_failed_is_missed(sample: None) -> None:
    connect_and_choose()
    retrospective = committed_with_key_after(1.0)
    [item] = retrospective.action_items
    broken = factories.action_item(retrospective, created_at=item.created_at)
    at = retrospective.committed_at
    entry(link(broken, LinkState.ERROR, key=None, created_at=at), EntryState.ERROR, at=at)

    assert commits().missed == 1


@pytest.mark.both_databases
def test_days_that_are_over_are_read_once(sample: None, asked: list[str]) -> None:
    connect_and_choose()
    for days in (0, 1, 1, 26):
        committed_with_key_after(1.0, None, ago=timedelta(days=days, minutes=1))
    known: level_counts.Days = {}
    first = level_counts.of_installation(utcnow(), known)
    asked.clear()

    second = level_counts.of_installation(utcnow(), known)

    assert first == second
    assert second[Level.COMMITS].counted == 4
    assert second[Level.COMMITS].missed == 4
    assert len([each for each in asked if each.startswith("SELECT")]) == 2


def test_a_day_is_over_once_its_last_commit_is_judged(sample: None) -> None:
    today = utcnow().date()
    known: level_counts.Days = {}

    level_counts.of_installation(datetime.combine(today, time(0, 0, 5), UTC), known)
    assert today - timedelta(days=1) not in known
    level_counts.of_installation(datetime.combine(today, time(0, 0, 11), UTC), known)
    assert today - timedelta(days=1) in known


def test_until_all_days_are_read_commits_are_left_out(sample: None) -> None:
    known: level_counts.Days = {}

    assert Level.COMMITS not in level_counts.of_installation(utcnow(), known, budget=0)


@pytest.mark.both_databases
def test_an_edit_is_kept_if_jira_had_it_in_time(sample: None) -> None:
    connect_and_choose()
    created = entry(link(items()[0])).link
    now = utcnow()
    for state, seconds, ago in [
        (EntryState.SYNCED, 7, timedelta(minutes=3)),
        (EntryState.SYNCED, 61, timedelta(minutes=4)),
        (EntryState.ERROR, 20, timedelta(hours=5)),
        (EntryState.RETRYING, 400, timedelta(minutes=5)),
        (EntryState.SYNCED, 90, timedelta(days=29)),
    ]:
        ended = now - ago
        started = ended - timedelta(seconds=seconds)
        entry(created, state, Operation.UPDATE, at=ended, started_at=started)

    found = level_counts.of_organization(acme().id, now)[Level.EDITS]

    assert found == Counted(counted=3, missed=2, missed_in_hour=1)
    assert level_counts.of_installation(now, {}, None)[Level.EDITS] == found


@pytest.mark.both_databases
def test_of_more_than_is_counted_the_latest_are(
    sample: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(level_counts.LATEST, Level.COMMITS, 2)
    connect_and_choose()
    committed_with_key_after(None, ago=timedelta(days=3))
    committed_with_key_after(1.5, ago=timedelta(days=2))
    committed_with_key_after(1.5, ago=timedelta(days=1))

    assert commits() == Counted(counted=2, cut=True)
    assert figures(Counted(100, 0, cut=True)) == "the latest 100 counted, none missed"
    assert figures(Counted(100, 2, cut=True)) == "2 of the latest 100 missed"
    assert figures(Counted(40, 2)) == "2 of 40 missed"


def figures(counted: Counted) -> str:
    return level_words.lines_of({Level.COMMITS: counted})[0].figures


@pytest.mark.parametrize(
    ("counted", "in_hour", "fast"),
    [(19, 19, False), (20, 1, False), (20, 2, True), (1000, 2, False), (1000, 3, True)],
)
def test_a_quarter_of_what_may_be_missed_in_an_hour_is_fast(
    counted: int, in_hour: int, fast: bool
) -> None:
    assert goes_fast(COMMITS, Counted(counted, in_hour, in_hour)) is fast


@pytest.mark.both_databases
def test_deliveries_are_summed_and_the_worse_of_two_hours_counts(sample: None) -> None:
    for ago, missed in ((0, 1), (1, 4), (2, 9), (24 * 28 + 1, 50)):
        counted_hour(100, missed, ago)
    counted_hour(100, 99, of_all=True)

    found = level_counts.of_organization(acme().id, utcnow())[Level.DELIVERIES]

    assert found == Counted(counted=300, missed=14, missed_in_hour=4)


@pytest.mark.parametrize(
    ("counted", "missed", "ago", "grade", "words"),
    [
        (10, 5, 0, Grade.GREEN, "too few to say"),
        (10_000, 9, 5, Grade.GREEN, "99.9 %"),
        (1000, 3, 5, Grade.AMBER, "99.7 % in 28 days, 3 of 1000 missed"),
        (10_000, 4, 0, Grade.AMBER, "in the last hour"),
    ],
)
def test_the_doctor_says_so(
    app: Flask, sample: None, counted: int, missed: int, ago: int, grade: Grade, words: str
) -> None:
    counted_hour(counted, missed, ago, of_all=True)
    db.session.commit()

    found = [each for each in service_levels.service_levels() if "deliveries" in each.says]

    assert [each.level for each in found] == [grade]
    assert words in found[0].says
    assert bool(found[0].remedy) is (grade is Grade.AMBER)
