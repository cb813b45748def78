"""What Jira was asked, what it answered, and how fast: counted as it happens, in one hash of Redis.

Whoever asks is gone with its job before anybody scrapes. A Redis that forgets begins anew, which
Prometheus takes for a restart.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate
from typing import cast

from flask import Flask
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
        app.extensions["jira_requests"] = JiraRequests(app.extensions["redis"])


class JiraRequests:
    """Counts what this process asks, in whichever thread it does."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        transport.called.connect(self.count)

    def count(self, call: Call) -> None:
        """Count one request that has ended."""
        asked = f"{call.operation} {_class_of(call.status)}"
        upto = next(each for each in UPTO if call.duration_ms <= float(each) * 1000)
        try:
            with self.redis.pipeline(transaction=False) as pipe:
                pipe.hincrby(KEY, f"{asked} {upto}", 1)
                pipe.hincrby(KEY, f"{asked} ms", call.duration_ms)
                pipe.execute()
        except RedisError as error:
            log.warning("request not counted", extra={"operation": asked, "error": str(error)})


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
