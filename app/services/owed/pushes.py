"""Marking issue links due: the only thing that any trigger does (design.md §2)."""

from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models import (
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


def mark_due(link: IssueLink, due_at: datetime) -> None:
    """Ask for a push of `link` at `due_at` (aware UTC). Never clears a stamp."""
    link.change_number += 1
    link.revision += 1
    link.due_at = due_at
    link.due_since = link.due_since or due_at
    if link.state in {LinkState.SYNCED, LinkState.ERROR}:
        link.state = LinkState.WAITING
    db.session.flush()
    ring_after_commit(link.connection_id)


def arm(link: IssueLink) -> None:
    """Fresh tries. A stamp and the time of its next probe stay as they are (design.md §3.4)."""
    link.tries = 0
    link.failure_code = link.failure_message = link.failure_fields = None
    if not link.stamped:
        link.not_before = None
    if link.state in {LinkState.RETRYING, LinkState.UNSEEN}:
        link.state = LinkState.WAITING
