"""Trying again what failed: one action item, or everything of an organization."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models import (
    IssueLink,
    JiraConnection,
    Operation,
    Organization,
    Retrospective,
    SyncEntry,
    Team,
    User,
)
from app.services import audit
from app.services.grants.asking import require_connection
from app.services.outbound import links, owed_statuses
from app.services.outbound.links import in_sync_error


def retry_entry(organization: Organization, user: User, entry: SyncEntry) -> bool:
    """Push the entry's action item at once, with fresh tries, if it is still in sync error.

    False when it is not: somebody was faster, or it went out by itself. Raises
    `PlanWithoutJira`, `JiraNotConnected`.
    """
    require_connection(organization)
    if entry.operation is Operation.TRANSITION:
        retried = _retry_status(entry)
    else:
        failed = _failed_links(organization, IssueLink.id == entry.issue_link_id)
        retried = bool(links.retry_all(failed))
    if retried:
        audit.record(organization, user, "jira.retried", action_item=entry.action_item_id)
    return retried


def retry_all(
    organization: Organization, user: User, entry_ids: Collection[int] | None = None
) -> int:
    """Push everything in sync error at once, with fresh tries; return how many there were.

    entry_ids: only what these entries are about; None: everything. Pressed twice, it finds nothing
    the second time. Raises `PlanWithoutJira`, `JiraNotConnected`.
    """
    require_connection(organization)
    named = select(SyncEntry.issue_link_id).where(SyncEntry.id.in_(entry_ids or ()))
    narrowed = () if entry_ids is None else (IssueLink.id.in_(named),)
    count = links.retry_all(_failed_links(organization, *narrowed))
    if count:
        audit.record(organization, user, "jira.retried-all", action_items=count)
    return count


def failed_by_team(organization: Organization) -> list[tuple[str, int]]:
    """How many action items of which team are in sync error, most first."""
    found = (
        select(Team.name, func.count())
        .select_from(IssueLink)
        .join(IssueLink.connection)
        .join(IssueLink.action_item)
        .join(Retrospective)
        .join(Team)
        .where(JiraConnection.organization_id == organization.id, *in_sync_error())
        .group_by(Team.name)
        .order_by(func.count().desc(), Team.name)
    )
    return [(name, count) for name, count in db.session.execute(found)]


def _retry_status(entry: SyncEntry) -> bool:
    link = db.session.get_one(
        IssueLink, entry.issue_link_id, with_for_update=True, populate_existing=True
    )
    return link.active and not link.is_elsewhere and bool(owed_statuses.again([link]))


def _failed_links(
    organization: Organization, *conditions: ColumnElement[bool]
) -> Sequence[IssueLink]:
    """Locked, ids ascending: who presses at the same moment waits, and then finds them moving."""
    found = (
        select(IssueLink)
        .join(IssueLink.connection)
        .join(IssueLink.action_item)
        .where(JiraConnection.organization_id == organization.id, *in_sync_error())
        .where(*conditions)
        .order_by(IssueLink.id)
        .with_for_update(of=IssueLink)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(found).all()
