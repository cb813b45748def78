"""What the database tells, in a statement a subject.

None costs more with what is settled: they read what is due, by an index, and the tables that have
a row for each connection.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from app.extensions import db
from app.models import (
    ConnectionState,
    IssueLink,
    JiraConnection,
    JiraWork,
    Mail,
    Webhook,
    WebhookDelivery,
    WebhookState,
    WorkKind,
)
from app.models.obstacles import installation_paused
from app.operations.metrics.family import Family, single
from app.services.inbound import pending
from app.services.work.due_links import due_links
from app.services.work.lengths import latest_end

CLASSES = ("create", "unknown", "update", "backfill")


def families(now: datetime) -> Iterator[Family]:
    """All of them, at `now` (aware UTC). Raises what the database raises."""
    yield from _due_links(now)
    yield from _connections(now)
    yield from _work(now)
    yield from _deliveries(now)
    yield from _mails(now)
    yield _webhooks(now)


def _due_links(now: datetime) -> Iterator[Family]:
    since = _later(IssueLink.due_at, IssueLink.not_before)
    columns: tuple[Any, ...] = (
        _class_of_link().label("kind"),
        func.count().label("number"),
        func.min(since).label("oldest"),
    )
    rows = db.session.execute(due_links(select(*columns), now).group_by("kind")).all()
    numbers, ages = _by_kind(rows, now, CLASSES)
    label = ("class",)
    yield Family("unpack_due_links", "Links that may be worked on now.", label, numbers)
    yield Family(
        "unpack_due_links_oldest_seconds", "For how long the oldest of them could.", label, ages
    )


def _class_of_link() -> ColumnElement[str]:
    return case(
        (IssueLink.stamped_at.is_not(None), "unknown"),
        (IssueLink.issue_id.is_not(None), "update"),
        (IssueLink.backfill_id.is_not(None), "backfill"),
        else_="create",
    )


def _connections(now: datetime) -> Iterator[Family]:
    rows = db.session.execute(
        select(
            JiraConnection.state,
            func.count(),
            func.count(case((JiraConnection.is_paused(now), 1))),
            func.count(JiraConnection.on_hold_since),
            func.count(JiraConnection.outage_since),
            func.min(JiraConnection.outage_since),
        ).group_by(JiraConnection.state)
    ).all()
    counted = dict.fromkeys(((each.value,) for each in ConnectionState), 0.0)
    counted |= {(state.value,): float(number) for state, number, *_ in rows}
    outages = [since for *_, since in rows if since is not None]
    yield Family("unpack_connections", "Connections by state.", ("state",), counted)
    yield single(
        "unpack_connections_paused",
        "Connections that Jira asked to wait.",
        sum(paused for _, _, paused, *_ in rows),
    )
    yield single(
        "unpack_connections_on_hold",
        "Connections on hold after a restore.",
        sum(on_hold for _, _, _, on_hold, *_ in rows),
    )
    yield single(
        "unpack_connections_in_outage",
        "Connections whose Jira does not answer.",
        sum(away for *_, away, _ in rows),
    )
    yield single(
        "unpack_outage_oldest_seconds",
        "Since when the first of these has not.",
        _age(min(outages, default=None), now),
    )
    yield single(
        "unpack_installation_paused",
        "1 while Jira asked the whole installation to wait.",
        installation_paused(now),
    )


def _work(now: datetime) -> Iterator[Family]:
    kinds = [each.value for each in WorkKind]
    due = db.session.execute(
        select(JiraWork.kind, func.count(), func.min(JiraWork.due_at))
        .where(JiraWork.kind.in_(list(WorkKind)), JiraWork.due_at <= now)
        .group_by(JiraWork.kind)
    ).all()
    leased = db.session.execute(
        select(JiraWork.kind, func.count(), func.min(JiraWork.lease_until))
        .where(
            JiraWork.kind.in_(list(WorkKind)),
            JiraWork.lease_until > now,
            JiraWork.lease_until <= latest_end(now),
        )
        .group_by(JiraWork.kind)
    ).all()
    numbers, ages = _by_kind(due, now, kinds)
    running, _ = _by_kind(leased, now, kinds)
    label = ("kind",)
    yield Family("unpack_work_due", "Work besides pushing that is due.", label, numbers)
    yield Family("unpack_work_due_oldest_seconds", "For how long the oldest is.", label, ages)
    yield Family(
        "unpack_work_running", "Work that somebody does now; `drain`: drains.", label, running
    )


def _deliveries(now: datetime) -> Iterator[Family]:
    # By way of the connections: their index has the few that wait, of each.
    own = WebhookDelivery.connection_id == JiraConnection.id
    waiting, oldest = db.session.execute(
        select(func.count(WebhookDelivery.id), func.min(WebhookDelivery.received_at))
        .select_from(JiraConnection)
        .join(WebhookDelivery, own & pending.due(now))
    ).one()
    yield single("unpack_deliveries_waiting", "Deliveries not looked into yet.", waiting)
    yield single(
        "unpack_deliveries_oldest_seconds", "Since when the oldest waits.", _age(oldest, now)
    )


def _mails(now: datetime) -> Iterator[Family]:
    waiting, failing, oldest = db.session.execute(
        select(
            func.count(), func.count(case((Mail.tries > 0, 1))), func.min(Mail.created_at)
        ).where(Mail.due_at.is_not(None))
    ).one()
    yield single("unpack_mails_waiting", "E-mails that have not gone out.", waiting)
    yield single("unpack_mails_failing", "Those of them that were tried in vain.", failing)
    yield single("unpack_mails_oldest_seconds", "Since when the oldest waits.", _age(oldest, now))


def _webhooks(now: datetime) -> Family:
    number = db.session.scalar(
        select(func.count()).where(
            Webhook.state == WebhookState.ACTIVE, Webhook.expires_at <= now + timedelta(days=5)
        )
    )
    return single(
        "unpack_webhooks_expiring", "Webhooks that live for 5 more days at most.", number or 0
    )


def _by_kind(
    rows: Iterable[Any], now: datetime, kinds: Iterable[str]
) -> tuple[dict[Any, float], dict[Any, float]]:
    """How many of each kind, and for how long the first was due; none of it is 0."""
    numbers: dict[Any, float] = {(kind,): 0.0 for kind in kinds}
    ages = dict(numbers)
    for kind, number, oldest in rows:
        numbers[(str(kind),)], ages[(str(kind),)] = float(number), _age(oldest, now)
    return numbers, ages


def _later(one: Any, other: Any) -> ColumnElement[datetime]:
    return case((other > one, other), else_=one)


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment is not None else 0.0
