"""What Jira was asked, what it answered, and how fast: counted as it happens, in one hash of Redis.

Whoever asks is gone with its job before anybody scrapes, so what a job or a request has asked is
added to the hash at its end, in one go; one that is killed forgets it. A Redis that forgets begins
anew, which Prometheus takes for a restart.
"""

import logging
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import suppress
from itertools import accumulate
from typing import cast

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError

from app import queue
from app.jira import transport
from app.jira.types import Call
from app.operations.metrics.family import Histogram

KEY = "unpack:metrics:jira-requests"
UPTO = ("0.1", "0.25", "0.5", "1", "2.5", "5", "10", "20", "+Inf")  # seconds
# Told apart, because it is no fault: Jira asks to wait.
RATE_LIMITED = 429
FIELD = re.compile(rb"([a-z_]+) (2xx|4xx|429|5xx|none) ([\d.]+|\+Inf|ms)")

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Count from now on, where somebody scrapes."""
    if app.config["METRICS_TOKEN"]:
        asked = app.extensions["jira_requests"] = JiraRequests(app.extensions["redis"])
        app.teardown_request(asked.write)


class JiraRequests:
    """Counts what this process asks, in whichever thread it does."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._asked: deque[tuple[str, int]] = deque()  # threads that send only append
        transport.called.connect(self.count)

    def count(self, call: Call) -> None:
        """Count one request that has ended."""
        asked = f"{call.operation} {_class_of(call.status)}"
        upto = next(each for each in UPTO if call.duration_ms <= float(each) * 1000)
        self._asked.append((f"{asked} {upto}", 1))
        self._asked.append((f"{asked} ms", call.duration_ms))

    def write(self, _error: BaseException | None = None) -> None:
        """Add what was counted since the last time to the hash: one way to Redis and back."""
        counted = self._taken()
        if not counted:
            return
        try:
            with self.redis.pipeline(transaction=False) as pipe:
                for field, number in sorted(counted.items()):
                    pipe.hincrby(KEY, field, number)
                pipe.execute()
        except RedisError as error:
            log.warning("requests not counted", extra={"error": str(error)})

    def _taken(self) -> Counter[str]:
        found: Counter[str] = Counter()
        with suppress(IndexError):
            while True:
                field, number = self._asked.popleft()
                found[field] += number
        return found


def write() -> None:
    """At the end of a job: what it has asked. A request does it by itself."""
    counted = current_app.extensions.get("jira_requests")
    if counted is not None:
        counted.write()


def families() -> Iterator[Histogram]:
    """All that was counted. Raises `RedisError`."""
    kept: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    held = cast("dict[bytes, bytes]", queue.redis_connection().hgetall(KEY))
    for field, number in held.items():
        if found := FIELD.fullmatch(field):
            operation, status, part = (each.decode() for each in found.groups())
            kept[(operation, status)][part] = int(number)
    yield Histogram(
        "unpack_jira_request_seconds",
        "How long Jira took to answer, by what it was asked and the status.",
        ("operation", "status"),
        UPTO,
        {asked: _sample(parts) for asked, parts in kept.items()},
    )


def _sample(parts: dict[str, int]) -> tuple[list[int], float]:
    """How many took so long at most, one after the other, and the seconds of all."""
    return list(accumulate(parts.get(each, 0) for each in UPTO)), parts.get("ms", 0) / 1000


def _class_of(status: int | None) -> str:
    """Jira redirects nobody; whoever does turns us away."""
    if status is None:
        return "none"
    if status == RATE_LIMITED:
        return "429"
    return {2: "2xx", 5: "5xx"}.get(status // 100, "4xx")
