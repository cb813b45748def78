"""Webhook deliveries that nobody has looked into yet."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from app.extensions import db
from app.models import IssueLink, WebhookDelivery
from app.services import back_offs
from app.services.work.leases import Lease

# How many issues one drain round reads at the most: four requests.
MOST_ISSUES = 400
KEPT = timedelta(days=7)
PRUNE_BATCH = 500
# An issue that Jira names but cannot return is tried again, ever more rarely, for an hour.
GIVEN_UP_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Reading:
    """A link whose issue is to be read, with the key that it had when it was last seen."""

    link_id: int
    issue_id: str
    issue_key: str | None

    @property
    def project_key(self) -> str | None:
        """The project that the issue was last known in."""
        return (self.issue_key or "").rpartition("-")[0] or None


@dataclass(frozen=True)
class DeliveredIssues:
    """Issues that deliveries up to `last_id` named, those named first in front."""

    issue_ids: tuple[str, ...]
    last_id: int


def due(now: datetime) -> ColumnElement[bool]:
    """Narrows WebhookDelivery to what may be looked into at `now` (aware UTC)."""
    return and_(
        WebhookDelivery.applied_at.is_(None),
        or_(WebhookDelivery.not_before.is_(None), WebhookDelivery.not_before <= now),
    )


def unapplied(lease: Lease, now: datetime) -> DeliveredIssues | None:
    """The issues to read next. None when no delivery is due."""
    rows = db.session.execute(
        select(WebhookDelivery.issue_id, func.max(WebhookDelivery.id))
        .where(WebhookDelivery.connection_id == lease.connection_id, due(now))
        .group_by(WebhookDelivery.issue_id)
        .order_by(func.min(WebhookDelivery.id))
        .limit(MOST_ISSUES)
    ).all()
    if not rows:
        return None
    issue_ids = tuple(issue_id for issue_id, _ in rows)
    return DeliveredIssues(issue_ids, max(last for _, last in rows))


def readings(lease: Lease, issue_ids: Iterable[str]) -> list[Reading]:
    """The active links of these issues on the connected site; other issues are none of ours."""
    links = db.session.scalars(
        select(IssueLink)
        .where(
            IssueLink.connection_id == lease.connection_id,
            IssueLink.cloud_id == lease.cloud_id,
            IssueLink.issue_id.in_(list(issue_ids)),
            IssueLink.active.is_(True),
            IssueLink.unmarked.is_(False),
        )
        .order_by(IssueLink.id)
    )
    return readings_of(links)


def readings_of(links: Iterable[IssueLink]) -> list[Reading]:
    """The links as values; those without an issue have nothing to read."""
    return [Reading(link.id, link.issue_id, link.issue_key) for link in links if link.issue_id]


def applied(lease: Lease, issue_ids: Collection[str], last_id: int, now: datetime) -> None:
    """Mark the deliveries of these issues as looked into, up to the last that was known then.

    A later one stays: its change may have come after the issue was read. An earlier one that was
    stored meanwhile does not: Jira had sent it before, so the change had already happened.
    """
    db.session.execute(
        update(WebhookDelivery)
        .where(*_of(lease, issue_ids), WebhookDelivery.id <= last_id)
        .values(applied_at=now)
    )


def put_off(lease: Lease, issue_ids: Collection[str], now: datetime) -> None:
    """Read these issues again later; after an hour the reconciliation has to do."""
    rows = db.session.scalars(select(WebhookDelivery).where(*_of(lease, issue_ids)))
    for row in rows:
        age = now - row.received_at
        if age >= GIVEN_UP_AFTER:
            row.applied_at = now
        row.not_before = now + back_offs.DELIVERED_ISSUE.after(age)
    db.session.flush()


def delivered(lease: Lease, issue_ids: Collection[str]) -> set[str]:
    """Those of the issues that a delivery named and nobody has looked into."""
    named = select(WebhookDelivery.issue_id).where(*_of(lease, issue_ids)).distinct()
    return set(db.session.scalars(named))


def prune(now: datetime) -> int:
    """Delete one batch of deliveries older than 7 days; return how many. `now`: aware UTC.

    The oldest come first by id: looking at the first is enough while it is young.
    """
    by_age = select(WebhookDelivery.id, WebhookDelivery.received_at).order_by(WebhookDelivery.id)
    first = db.session.execute(by_age.limit(1)).one_or_none()
    if first is None or first.received_at >= now - KEPT:
        return 0
    batch = db.session.execute(by_age.limit(PRUNE_BATCH))
    ids = [each.id for each in batch if each.received_at < now - KEPT]
    db.session.execute(delete(WebhookDelivery).where(WebhookDelivery.id.in_(ids)))
    return len(ids)


def _of(lease: Lease, issue_ids: Collection[str]) -> list[ColumnElement[bool]]:
    return [
        WebhookDelivery.connection_id == lease.connection_id,
        WebhookDelivery.applied_at.is_(None),
        WebhookDelivery.issue_id.in_(list(issue_ids)),
    ]
