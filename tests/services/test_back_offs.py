"""How long to wait before trying again."""

from datetime import timedelta

import pytest

from app.jira.errors import JiraRefused, JiraUnavailable
from app.services import back_offs
from tests.support import settings

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("rule", "waits"),
    [
        (back_offs.METADATA, [10 * SECOND, 30 * SECOND, 90 * SECOND, 270 * SECOND, 5 * MINUTE]),
        (back_offs.MAIL, [MINUTE, 2 * MINUTE, 4 * MINUTE]),
        (back_offs.WEBHOOK_UPKEEP, [MINUTE, 5 * MINUTE, 30 * MINUTE, HOUR, HOUR]),
    ],
)
def test_each_failure_waits_as_long_or_longer(rule, waits):
    assert [rule.after(failures) for failures in range(1, len(waits) + 1)] == waits


@pytest.mark.parametrize("rule", [back_offs.MAIL, back_offs.WEBHOOK_UPKEEP])
def test_in_the_end_it_is_tried_once_a_day(rule):
    assert rule.after(28) == rule.after(10_000) == timedelta(days=1)


def test_a_trouble_is_waited_for_as_long_again_as_it_has_lasted():
    rule = back_offs.READING_BACK

    assert [rule.after(each) for each in (SECOND, MINUTE, HOUR)] == [
        5 * SECOND, MINUTE, 5 * MINUTE,
    ]  # fmt: skip


def test_what_atlassian_asks_for_is_the_least():
    assert back_offs.asked_wait(JiraUnavailable("search", retry_after=7.5)) == 7.5 * SECOND
    assert back_offs.asked_wait(JiraUnavailable("search")) == timedelta()
    assert back_offs.asked_wait(JiraRefused("search", status=400)) == timedelta()


def test_pages_count_as_many_retries_as_there_are():
    configured = settings.build(database_url="sqlite://")["SYNC_RETRY_DELAYS"]

    assert len(configured) == back_offs.RETRIES
