"""What is looked at before a request leaves and before its answer is written (design.md §2, §3.1).

Whatever was known when a link was claimed may be over by now, so all of it is asked of the rows.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, exists, select

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, JiraConnection, JiraWork
from app.models.holding import hold
from app.models.obstacles import installation_pauses, may_ask, may_change
from app.services.outbound import snapshots
from app.services.outbound.plan import Plan
from app.services.timeouts import longest_request
from app.services.work.leases import Lease


def may_send(lease: Lease) -> bool:
    """Whether one more request that changes something in Jira may leave now (design.md §2.1).

    The lease must outlive the request; nobody may have reconnected, disconnected, downgraded,
    paused or put it on hold in the meantime.
    """
    return _may(lease, may_change)


def may_read(lease: Lease) -> bool:
    """The same of a request that only reads: a hold allows it."""
    return _may(lease, may_ask)


def _may(lease: Lease, rules: Callable[[datetime], list[ColumnElement[bool]]]) -> bool:
    now = utcnow()
    allowed = (
        select(JiraConnection.id)
        .join(JiraConnection.organization)
        .join(JiraWork, JiraWork.connection_id == JiraConnection.id)
        .where(
            JiraConnection.id == lease.connection_id,
            JiraConnection.generation == lease.generation,
            JiraWork.kind == lease.kind,
            JiraWork.lease_id == lease.id,
            JiraWork.lease_until > now + longest_request() + margin(lease),
            *rules(now),
            ~exists().where(installation_pauses(now)),
        )
    )
    return db.session.scalar(allowed) is not None


def margin(lease: Lease) -> timedelta:
    """How long a request may take to leave, from before the look that found that it may."""
    share: int = current_app.config["SYNC_LEASE_MARGIN_SHARE"]
    return lease.length / share


def note_tried(lease: Lease, updates: Sequence[Plan]) -> bool:
    """Remember what updates that are about to leave write into guarded fields (design.md §11.1).

    False, and nothing remembered, when a link is not this drain's any more.
    """
    for plan in updates:
        texts = plan.guarded_texts
        if not texts:
            continue
        link = _own_link(lease, plan)
        if link is None:
            return False
        link.snapshot = snapshots.with_tried(link.snapshot, texts)
    db.session.flush()
    return True


def stamp(lease: Lease, creates: Sequence[Plan]) -> bool:
    """Stamp creates that are about to leave, with the snapshot of what they send (design.md §3.1).

    The note goes with it: a probe that finds the issue later knows nothing of its assignee.

    False, and nothing stamped, when a link is not this drain's any more, or nobody wants it any
    more: what is deleted from now on sees the stamp and stays due until its outcome is known.
    """
    now = utcnow()
    for plan in sorted(creates, key=lambda each: each.claim.link_id):
        # Locked: somebody who unlinks or stops a backfill now either sees the stamp, or we see it.
        link = _own_link(lease, plan)
        if link is None or link.due_at is None:
            return False
        assert plan.claim.target is not None
        link.stamped_at = now
        link.stamped_cloud_id = lease.cloud_id
        link.stamped_account_id = lease.account_id
        link.stamped_project_id = plan.claim.target.project_id
        link.stamped_issue_type_id = plan.claim.target.issue_type_id
        link.stamped_snapshot, link.assignee_note = plan.snapshot, plan.assignee_note
        link.unknown_since = None
        link.empty_probes = 0
    db.session.flush()
    return True


def _own_link(lease: Lease, plan: Plan) -> IssueLink | None:
    """The plan's link, locked; None when it is not this drain's any more."""
    link_id = plan.claim.link_id
    link = db.session.get_one(IssueLink, link_id, populate_existing=True, with_for_update=True)
    return link if link.claim_id == lease.id and link.active else None


def holds(lease: Lease, link_id: int) -> bool:
    """Whether the link is still this drain's; if so, its row is locked until the commit.

    The connection and its work before it, as everywhere: what comes of a request may concern all.
    A drain that was frozen beyond its lease was taken over: whoever holds the link now finds out
    by itself, and what comes late must neither undo that nor count as a second probe.
    """
    hold(lease.connection_id)
    held = select(IssueLink.id).where(IssueLink.id == link_id, IssueLink.claim_id == lease.id)
    return db.session.scalar(held.with_for_update(key_share=True)) is not None
