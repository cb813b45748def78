"""Which links are due: one definition for the drain that does it and the ticker that rings."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_

from app.models import (
    ActionItem,
    IssueLink,
    JiraConnection,
)
from app.models.obstacles import may_ask
from app.services.outbound import second_looks

Selected = Select[Any]


def due_links(selected: Selected, now: datetime) -> Selected:
    """Narrow a SELECT over IssueLink to links that may be worked on at `now` (aware UTC)."""
    return (
        selected.join(IssueLink.action_item)
        .join(IssueLink.connection)
        .join(JiraConnection.organization)
        .where(_due(now), _sendable(now), _on_the_connected_site(), _item_wants_it())
    )


def due_second_looks(selected: Selected, now: datetime) -> Selected:
    """Narrow a SELECT over IssueLink to those that are looked at once more (design.md §3.5)."""
    return (
        selected.join(IssueLink.connection)
        .join(JiraConnection.organization)
        .where(second_looks.waiting(now), *may_ask(now))
    )


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
