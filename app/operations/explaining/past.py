"""What happened to a link, in order, from its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models import IssueLink, SyncAttempt, SyncEntry, WebhookDelivery


@dataclass(frozen=True)
class Event:
    """One thing that happened, `at` (aware UTC)."""

    at: datetime
    words: str


def past(link: IssueLink) -> list[Event]:
    """All that is still known; attempts and deliveries are kept for some time only."""
    found = [*_of_link(link), *_of_entries(link), *_of_deliveries(link)]
    return sorted(found, key=lambda each: each.at)


def _of_link(link: IssueLink) -> Iterator[Event]:
    backfill = f" by backfill {link.backfill_id}" if link.backfill_id else ""
    yield Event(link.created_at, f"link {link.id} opened{backfill}")
    if link.due_at is not None and link.due_since is not None:
        # Written a moment before the row is, of a link that is opened.
        since = max(link.due_since, link.created_at)
        yield Event(since, "became due, and has not been settled since")
    if link.stamped_at is not None:
        where = f"project {link.stamped_project_id}, type {link.stamped_issue_type_id}"
        yield Event(link.stamped_at, f"stamped: a create was about to leave for {where}")
    if link.unknown_since is not None:
        yield Event(link.unknown_since, "its outcome is unknown: probes decide")
    if link.failed_at is not None and link.failure_code is not None:
        yield Event(link.failed_at, f"gave up: {link.failure_code.value}")
    if link.synced_at is not None:
        yield Event(link.synced_at, "Jira last held all of it")
    if link.jira_updated_at is not None:
        yield Event(link.jira_updated_at, f"last changed in Jira: {link.status_name or '?'}")
    if link.closed_at is not None:
        yield Event(link.closed_at, "withdrawn" if link.withdrawn else "link closed")


def _of_entries(link: IssueLink) -> Iterator[Event]:
    entries = db.session.scalars(select(SyncEntry).where(SyncEntry.issue_link_id == link.id))
    for entry in entries:
        for attempt in entry.attempts:
            yield Event(attempt.started_at, _attempt(attempt))
        if entry.operation.returns:
            yield Event(entry.updated_at, f"from Jira: {entry.operation.value}")


def _attempt(attempt: SyncAttempt) -> str:
    parts = [f"{attempt.operation.value}: {attempt.outcome.value}"]
    if attempt.status is not None:
        parts.append(f"status {attempt.status}")
    if attempt.duration_ms is not None:
        parts.append(f"{attempt.duration_ms} ms")
    if attempt.trace_id:
        parts.append(f"trace {attempt.trace_id}")
    return ", ".join(parts)


def _of_deliveries(link: IssueLink) -> Iterator[Event]:
    if link.issue_id is None:
        return
    deliveries = db.session.scalars(
        select(WebhookDelivery).where(
            WebhookDelivery.connection_id == link.connection_id,
            WebhookDelivery.issue_id == link.issue_id,
        )
    )
    for each in deliveries:
        again = ", sent again" if each.retried else ""
        yield Event(each.received_at, f"delivery {each.event}{again}")
        if each.applied_at is not None:
            yield Event(each.applied_at, "its issue was read after a delivery")
