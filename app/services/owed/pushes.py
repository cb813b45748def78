"""Marking issue links due: the only thing that any trigger does (design.md §2)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models import (
    ActionItem,
    Backfill,
    FailureCode,
    IssueLink,
    JiraConnection,
    LinkState,
)
from app.queue import ring_after_commit


def mappings_changed(organization_id: int) -> None:
    """Let go what waited for a project, now that an admin has chosen one."""
    waiting = db.session.scalars(
        select(IssueLink)
        .join(IssueLink.connection)
        .where(
            JiraConnection.organization_id == organization_id,
            IssueLink.active,
            IssueLink.failure_code == FailureCode.NOT_MAPPED,
        )
        .order_by(IssueLink.id)
        .with_for_update(of=IssueLink)
        .execution_options(populate_existing=True)
    )
    for link in waiting:
        arm(link)
        link.revision += 1
        ring_after_commit(link.connection_id)


def open_links(
    items: Iterable[ActionItem],
    connection: JiraConnection,
    due_at: datetime,
    backfill: Backfill | None = None,
) -> list[IssueLink]:
    """Ask for the first push of action items without a link, at `due_at` (aware UTC).

    backfill: what they are a part of; None: people wait for them.
    """
    links = []
    for item in items:
        link = IssueLink(action_item=item, connection=connection)
        link.change_number, link.revision, link.tries = 0, 1, 0
        link.state = LinkState.WAITING
        link.backfill_id = backfill.id if backfill else None
        _mark_due(link, due_at)
        db.session.add(link)
        links.append(link)
    db.session.flush()
    if links:
        ring_after_commit(connection.id)
    return links


def mark_due(link: IssueLink, due_at: datetime) -> None:
    """Ask for a push of `link` at `due_at` (aware UTC). Never clears a stamp."""
    _mark_due(link, due_at)
    db.session.flush()
    ring_after_commit(link.connection_id)


def _mark_due(link: IssueLink, due_at: datetime) -> None:
    link.change_number += 1
    link.revision += 1
    link.due_at = due_at
    link.due_since = link.due_since or due_at
    if link.state in {LinkState.SYNCED, LinkState.ERROR}:
        link.state = LinkState.WAITING


def arm(link: IssueLink) -> None:
    """Fresh tries. A stamp and the time of its next probe stay as they are (design.md §3.4)."""
    link.tries = 0
    link.failure_code = link.failure_message = link.failure_fields = None
    if not link.stamped:
        link.not_before = None
    if link.state in {LinkState.RETRYING, LinkState.UNSEEN}:
        link.state = LinkState.WAITING
