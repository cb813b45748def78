"""Which links are due: one definition for the drain that claims and the ticker that rings."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.extensions import db
from app.models import (
    ActionItem,
    ConnectionState,
    Installation,
    IssueLink,
    JiraConnection,
    Organization,
    Plan,
)

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
    idle = or_(JiraConnection.drain_lease_until.is_(None), JiraConnection.drain_lease_until < now)
    found = due_links(select(IssueLink.connection_id), now).where(idle).distinct()
    return list(db.session.scalars(found))


def connection_is_due(connection_id: int, now: datetime) -> bool:
    """Whether the connection has a link that may be worked on now."""
    if installation_paused(now):
        return False
    one = due_links(select(IssueLink.id), now).where(IssueLink.connection_id == connection_id)
    return db.session.scalar(one.limit(1)) is not None


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        IssueLink.active,
        IssueLink.due_at <= now,
        or_(IssueLink.not_before.is_(None), IssueLink.not_before <= now),
    )


def _sendable(now: datetime) -> ColumnElement[bool]:
    return and_(
        JiraConnection.state == ConnectionState.CONNECTED,
        or_(JiraConnection.paused_until.is_(None), JiraConnection.paused_until <= now),
        Organization.plan != Plan.FREE,
        _creates_or_not_near_limit(now),
    )


def _creates_or_not_near_limit(now: datetime) -> ColumnElement[bool]:
    """While little of the rate limit is left, creates go first and updates wait (PLATFORM §4)."""
    until = JiraConnection.near_limit_until
    return or_(IssueLink.issue_id.is_(None), until.is_(None), until <= now)


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


def installation_paused(now: datetime) -> bool:
    """Whether Jira asked the whole installation to wait beyond `now` (aware UTC)."""
    until = db.session.scalar(select(Installation.paused_until).where(Installation.id == 1))
    return until is not None and until > now
