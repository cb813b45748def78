"""When somebody has changed an issue in Jira, and when that was ourselves."""

from datetime import UTC, datetime, timedelta

import pytest

from app.services.inbound.touches import touched_at

PUSHED = datetime(2026, 11, 19, 9, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("updated", "pushed", "touched"),
    [
        (PUSHED + DAY, PUSHED, PUSHED + DAY),
        (PUSHED + 2 * SECOND, PUSHED, None),  # Jira's clock is ahead of ours
        (PUSHED - DAY, PUSHED, None),
        (PUSHED, None, PUSHED),  # never written to by us
        (None, PUSHED, None),
    ],
)
def test_what_is_later_than_our_last_push_is_somebodys(updated, pushed, touched):
    assert touched_at(updated, pushed) == touched
