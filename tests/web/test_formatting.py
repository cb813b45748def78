"""Times in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.web import formatting

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=5), "Just now"),
        (timedelta(seconds=61), "1 minute ago"),
        (timedelta(minutes=4), "4 minutes ago"),
        (timedelta(hours=1, minutes=50), "1 hour ago"),
        (timedelta(hours=11), "11 hours ago"),
        (timedelta(hours=13), "Yesterday"),
        (timedelta(days=18), "5 Nov"),
        (timedelta(days=400), "19 Oct 2025"),
        (timedelta(seconds=-30), "Just now"),
    ],
)
def test_how_long_ago_is_said_in_words(before: timedelta, words: str) -> None:
    assert formatting.words_since(NOW - before, NOW, UTC) == words


def test_yesterday_is_the_viewers_yesterday() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")
    moment = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # 23:30 in Tokyo
    now = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 01:00 on the 24th in Tokyo

    assert formatting.words_since(moment, now, tokyo) == "Yesterday"
    assert formatting.words_since(moment, now, UTC) == "1 hour ago"


@time_machine.travel("2026-11-23 12:00Z", tick=False)
def test_days_name_the_year_only_if_it_is_another(app: Flask) -> None:
    with app.test_request_context():
        assert formatting.short_day(date(2026, 12, 4)) == "4 Dec"
        assert formatting.short_day(date(2027, 1, 4)) == "4 Jan 2027"
        assert formatting.day(date(2026, 10, 12)) == "12 October"
        assert formatting.long_day(date(2026, 11, 19)) == "Thursday 19 November"


@pytest.mark.parametrize(("count", "words"), [(0, "0 people"), (1, "1 person"), (2, "2 people")])
def test_singular_and_plural_are_both_written(count: int, words: str) -> None:
    assert formatting.plural(count, "person", "people") == words
