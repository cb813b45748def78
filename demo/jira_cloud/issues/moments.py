"""Moments as Jira writes them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def moment(timestamp: float | None, zone: str) -> str | None:
    """A date-time with milliseconds and an offset without colon, in the reader's zone.

    Source: jira-platform.md §6.
    """
    if timestamp is None:
        return None
    local = datetime.fromtimestamp(timestamp, UTC).astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"
