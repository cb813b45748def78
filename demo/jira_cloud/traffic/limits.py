"""Atlassian's three rate limits: points an hour, bursts per tenant, writes per issue.

Source: jira-platform.md §4.
"""

import math
from collections import deque
from datetime import datetime, timedelta
from typing import Any

from demo.jira_cloud.answers.refusals import too_many_requests
from demo.jira_cloud.machine import Clock

HOURLY_POINTS = 65_000
BURSTS = {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50}
SINGLE_READS = {"get_issue": 150}
ISSUE_WRITES = ((2.0, 20), (30.0, 100))
NEAR = 0.2


class Limits:
    """Counts what was asked of each tenant. Bursts go by the machine's clock, the hour by ours."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        self._writes: dict[str, deque[float]] = {}
        self._hour: datetime | None = None
        self._points = 0

    def enter(self, site: str, operation: str, method: str, now: datetime) -> int:
        """Take one token from the bucket; returns how many are left. Raises the 429."""
        self._turn_hour(now)
        if self._points >= HOURLY_POINTS:
            reset = _next_hour(now)
            seconds = math.ceil((reset - now).total_seconds())
            raise too_many_requests(seconds, "jira-quota-global-based", reset)
        size = _bucket_size(operation, method)
        moment = self._clock.seconds()
        level, since = self._buckets.get((site, operation), (float(size), moment))
        level = min(size, level + (moment - since) * size)
        if level < 1:
            raise too_many_requests(1, "jira-burst-based", now + timedelta(seconds=1))
        self._buckets[site, operation] = (level - 1, moment)
        return int(level - 1)

    def write(self, issue: str) -> None:
        """Count a write to one issue. Raises the 429 when it had too many."""
        moment = self._clock.seconds()
        past = self._writes.setdefault(issue, deque())
        while past and past[0] < moment - ISSUE_WRITES[-1][0]:
            past.popleft()
        for seconds, allowed in ISSUE_WRITES:
            if sum(1 for when in past if when > moment - seconds) >= allowed:
                raise too_many_requests(math.ceil(seconds), "jira-per-issue-on-write")
        past.append(moment)

    def spend(self, points: int, now: datetime) -> None:
        """Charge what an answer cost: one, and one for each object touched."""
        self._turn_hour(now)
        self._points += points

    def headers(self, operation: str, method: str, left: int, now: datetime) -> dict[str, str]:
        """The headers that tell a client where it stands."""
        size = _bucket_size(operation, method)
        headers = {
            "X-RateLimit-Limit": str(size),
            "X-RateLimit-Remaining": str(left),
            "Beta-RateLimit-Policy": f'"global-app-quota";q={HOURLY_POINTS};w=3600',
        }
        remaining = HOURLY_POINTS - self._points
        if remaining < HOURLY_POINTS * NEAR:
            seconds = math.ceil((_next_hour(now) - now).total_seconds())
            headers["Beta-RateLimit"] = f'"global-app-quota";r={max(0, remaining)};t={seconds}'
        if left < size * NEAR or remaining < HOURLY_POINTS * NEAR:
            headers["X-RateLimit-NearLimit"] = "true"
        return headers

    def clear(self) -> None:
        """Start anew."""
        self._buckets.clear()
        self._writes.clear()
        self._points = 0

    def state(self) -> dict[str, Any]:
        """For the control interface."""
        return {"points_this_hour": self._points, "hourly_points": HOURLY_POINTS}

    def _turn_hour(self, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._points = hour, 0


def _bucket_size(operation: str, method: str) -> int:
    return SINGLE_READS.get(operation, BURSTS.get(method, 100))


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
