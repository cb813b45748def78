"""All metrics in one answer. What cannot be asked now is left out, and `unpack_up` says so."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import cast

from flask import Flask, current_app
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from app import migrated
from app.clock import utcnow
from app.extensions import db
from app.operations.metrics import (
    jira_requests,
    recent,
    redis_state,
    requests,
    rows,
    service_levels,
)
from app.operations.metrics.family import Family, Histogram

CONTENT_TYPE = CONTENT_TYPE_LATEST
AWAY = (DBAPIError, NoFreeConnection, RedisError)

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Count its requests, and those to Jira, from now on."""
    app.extensions["metrics"] = requests.init_app(app)
    jira_requests.init_app(app)


def exposition() -> bytes:
    """What a scrape gets. Asks the database and Redis, and writes nothing."""
    registry = CollectorRegistry()
    registry.register(_Now(list(_families())))
    counted = cast("CollectorRegistry", current_app.extensions["metrics"])
    return generate_latest(registry) + generate_latest(counted)


class _Now(Collector):
    """What was just read."""

    def __init__(self, families: Iterable[Family | Histogram]) -> None:
        self.families = families

    def collect(self) -> Iterator[Metric]:
        for each in self.families:
            yield _gauge(each) if isinstance(each, Family) else _histogram(each)


def _gauge(family: Family) -> Metric:
    metric = GaugeMetricFamily(family.name, family.says, labels=family.labels)
    for values, number in family.samples.items():
        metric.add_metric(values, number)
    return metric


def _histogram(family: Histogram) -> Metric:
    metric = HistogramMetricFamily(family.name, family.says, labels=family.labels)
    for values, (counts, seconds) in family.samples.items():
        metric.add_metric(values, list(zip(family.upto, counts, strict=True)), seconds)
    return metric


def _families() -> Iterator[Family | Histogram]:
    """Those of each part that can be asked."""
    now = utcnow()
    parts: dict[str, Callable[[], Iterable[Family | Histogram]]] = {
        "database": lambda: _of_database(now),
        "redis": lambda: [*redis_state.families(), *jira_requests.families()],
    }
    up = {}
    for part, asked in parts.items():
        try:
            found = list(asked())
        except AWAY as error:
            db.session.rollback()
            log.warning("metrics are incomplete", extra={"part": part, "error": _first(error)})
            found = []
        up[(part,)] = float(bool(found))
        yield from found
    up[("migrations",)] = float(bool(up[("database",)]) and _is_current())
    yield Family("unpack_up", "1 if the part is there and as it should be.", ("part",), up)


def _of_database(now: datetime) -> Iterator[Family]:
    for part in (rows, recent, service_levels):
        yield from part.families(now)


def _is_current() -> bool:
    try:
        return migrated.is_current(current_app._get_current_object())  # type: ignore[attr-defined]
    except DBAPIError:  # gone since
        return False


def _first(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]
