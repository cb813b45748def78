"""What is due: one definition for the drain that does it and the ticker that rings."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from app.extensions import db
from app.models import (
    ActionItem,
    IssueLink,
    JiraConnection,
    JiraSettings,
    WebhookDelivery,
)
from app.services.returning.told import waiting as told_and_waiting
from app.services.sync import doubts
from app.services.sync.pauses import installation_paused, may_ask

Selected = Select[Any]


def due_links(selected: Selected, now: datetime) -> Selected:
    """Narrow a SELECT over IssueLink to links that may be worked on at `now` (aware UTC)."""
    return (
        selected.join(IssueLink.action_item)
        .join(IssueLink.connection)
        .join(JiraConnection.organization)
        .where(_due(now), _sendable(now), _on_the_connected_site(), _item_wants_it())
    )


def due_connections(now: datetime) -> list[int]:
    """The ids of connections that have work and that no live drain is busy with."""
    if installation_paused(now):
        return []
    pushes = _of_links(due_links(select(IssueLink.connection_id), now))
    reads = due_reads(select(JiraConnection.id), now)
    looks = _of_links(due_second_looks(select(IssueLink.connection_id), now))
    idle = or_(JiraConnection.drain_lease_until.is_(None), JiraConnection.drain_lease_until < now)
    found = [db.session.scalars(each.where(idle)) for each in (pushes, reads, looks)]
    return sorted({id for ids in found for id in ids})


def connection_is_due(connection_id: int, now: datetime) -> bool:
    """Whether the connection has a link that may be worked on now, or issues to read."""
    if installation_paused(now):
        return False
    one = due_links(select(IssueLink.id), now).where(IssueLink.connection_id == connection_id)
    if db.session.scalar(one.limit(1)) is not None or reads_are_due(connection_id, now):
        return True
    look = due_second_looks(select(IssueLink.id), now)
    look = look.where(IssueLink.connection_id == connection_id)
    return db.session.scalar(look.limit(1)) is not None


def reads_are_due(connection_id: int, now: datetime) -> bool:
    """Whether issues of the connection are to be read: somebody told of them, or it is time."""
    one = due_reads(select(JiraConnection.id), now).where(JiraConnection.id == connection_id)
    return db.session.scalar(one) is not None


def due_reads(selected: Selected, now: datetime) -> Selected:
    """Narrow a SELECT over JiraConnection to those whose issues are to be read (design.md §2)."""
    told = exists().where(WebhookDelivery.connection_id == JiraConnection.id, told_and_waiting(now))
    near = JiraConnection.near_limit_until
    return (
        selected.join(JiraConnection.organization)
        .join(JiraSettings, JiraSettings.organization_id == JiraConnection.organization_id)
        .where(
            JiraSettings.webhooks_enabled,
            or_(told, JiraConnection.reconcile_at <= now),
            *may_ask(now),
            or_(JiraConnection.read_not_before.is_(None), JiraConnection.read_not_before <= now),
            or_(near.is_(None), near <= now),
        )
    )


def due_second_looks(selected: Selected, now: datetime) -> Selected:
    """Narrow a SELECT over IssueLink to those that are looked at once more (design.md §3.5)."""
    return (
        selected.join(IssueLink.connection)
        .join(JiraConnection.organization)
        .where(doubts.waiting(now), *may_ask(now))
    )


def _of_links(connection_ids: Selected) -> Selected:
    """The connections of links. With DISTINCT instead, SQLite would read every link each second."""
    return select(JiraConnection.id).where(JiraConnection.id.in_(connection_ids))


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        IssueLink.active,
        IssueLink.due_at <= now,
        or_(IssueLink.not_before.is_(None), IssueLink.not_before <= now),
    )


def _sendable(now: datetime) -> ColumnElement[bool]:
    return and_(*may_ask(now), _creates_or_not_near_limit(now))


def _creates_or_not_near_limit(now: datetime) -> ColumnElement[bool]:
    """While little of the rate limit is left, creates go first and updates wait.

    Source: jira-platform.md §4.
    """
    until = JiraConnection.near_limit_until
    return or_(_is_awaited_create(), until.is_(None), until <= now)


def _is_awaited_create() -> ColumnElement[bool]:
    """A create that somebody waits for; one of a backfill only once it may have left."""
    awaited = or_(IssueLink.backfill_id.is_(None), IssueLink.stamped_at.is_not(None))
    return and_(IssueLink.issue_id.is_(None), awaited)


def _on_the_connected_site() -> ColumnElement[bool]:
    """Links of a site that is not connected wait: their keys stay, nothing is sent for them."""
    new = and_(IssueLink.issue_id.is_(None), IssueLink.stamped_at.is_(None))
    stamped = and_(
        IssueLink.issue_id.is_(None), IssueLink.stamped_cloud_id == JiraConnection.cloud_id
    )
    return or_(new, stamped, IssueLink.cloud_id == JiraConnection.cloud_id)


def _item_wants_it() -> ColumnElement[bool]:
    """A deleted item is left alone, except that an unknown create of it is still looked up."""
    return or_(ActionItem.deleted_at.is_(None), IssueLink.stamped_at.is_not(None))
