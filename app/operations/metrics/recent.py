"""What the last 15 minutes tell: tries, deliveries and edits.

How fast is told as numbers of those that took `le` seconds at most, which is how Prometheus reads
quantiles (`histogram_quantile`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select, union_all

from app.extensions import db
from app.models import (
    EntryState,
    JiraConnection,
    Operation,
    Outcome,
    SyncAttempt,
    SyncEntry,
    WebhookDelivery,
)
from app.operations.levels.lapses import seconds_between
from app.operations.metrics.family import Family

RECENT = timedelta(minutes=15)
LAG_BUCKETS = (2.0, 5.0, 10.0, 20.0, 60.0, 300.0)  # seconds


def families(now: datetime) -> Iterator[Family]:
    """All of them, at `now` (aware UTC). Raises what the database raises."""
    yield from _attempts(now)
    yield from _lags(now)


def _attempts(now: datetime) -> Iterator[Family]:
    rows = db.session.execute(
        select(SyncAttempt.operation, SyncAttempt.outcome, func.count())
        .where(SyncAttempt.started_at >= now - RECENT)
        .group_by(SyncAttempt.operation, SyncAttempt.outcome)
    ).all()
    tried = Counter({(op.value, out.value): 0 for op in _sent() for out in Outcome})
    for operation, outcome, number in rows:
        tried[(operation.value, outcome.value)] += number
    yield Family(
        "unpack_recent_attempts",
        "Tries of the last 15 minutes, by what was tried and what came of it.",
        ("operation", "outcome"),
        tried,
    )


def _sent() -> list[Operation]:
    return [each for each in Operation if not each.returns]


def _lags(now: datetime) -> Iterator[Family]:
    """How long deliveries and edits took, in one statement."""
    counted = {("first",): 0.0, ("repeated",): 0.0}
    took = {each: dict.fromkeys(_labels(LAG_BUCKETS), 0.0) for each in ("delivery", "edit")}
    rows = db.session.execute(union_all(_deliveries(now), _edits(now)))
    for kind, number, ended, *within in rows:
        if kind != "edit":
            counted[(kind,)] = float(number)
        sums = took["edit" if kind == "edit" else "delivery"]
        for le, part in zip(sums, [*within, ended], strict=True):
            sums[le] += part
    yield Family(
        "unpack_recent_deliveries",
        "Webhook deliveries stored in the last 15 minutes; `repeated`: Jira had to send it again.",
        ("sent",),
        counted,
    )
    yield Family(
        "unpack_recent_deliveries_within",
        "Those whose issue was looked at within so many seconds of arriving, which shows it.",
        ("le",),
        {(le,): number for le, number in took["delivery"].items()},
    )
    yield Family(
        "unpack_recent_edits_within",
        "Edits of the last 15 minutes that were in Jira within so many seconds.",
        ("le",),
        {(le,): number for le, number in took["edit"].items()},
    )


def _deliveries(now: datetime) -> Select[Any]:
    # By way of the connections: their index has the few that are recent, of each.
    own = WebhookDelivery.connection_id == JiraConnection.id
    lag = seconds_between(WebhookDelivery.received_at, WebhookDelivery.applied_at)
    sent = case((WebhookDelivery.retried, "repeated"), else_="first")
    columns: list[Any] = [sent, func.count(), func.count(WebhookDelivery.applied_at)]
    return (
        select(*columns, *_within(lag, LAG_BUCKETS))
        .select_from(JiraConnection)
        .join(WebhookDelivery, own & (WebhookDelivery.received_at >= now - RECENT))
        .group_by(WebhookDelivery.retried)
    )


def _edits(now: datetime) -> Select[Any]:
    lag = seconds_between(SyncEntry.started_at, SyncEntry.updated_at)
    columns: list[Any] = [literal("edit"), func.count(), func.count()]
    return select(*columns, *_within(lag, LAG_BUCKETS)).where(
        SyncEntry.operation == Operation.UPDATE,
        SyncEntry.state == EntryState.SYNCED,
        SyncEntry.updated_at >= now - RECENT,
    )


def _within(seconds: ColumnElement[Any], buckets: Iterable[float]) -> list[ColumnElement[int]]:
    return [func.count(case((seconds <= each, 1))) for each in buckets]


def _labels(buckets: Sequence[float]) -> list[str]:
    return [*(f"{each:g}" for each in buckets), "+Inf"]
