"""What is looked at before a request leaves and before its answer is written (design.md §2, §3.1).

Whatever was known when a link was claimed may be over by now, so all of it is asked of the rows.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, JiraConnection, JiraWork, ProjectMapping, WorkKind
from app.models.obstacles import installation_goes_on, may_ask, may_change
from app.models.prepared import prepared
from app.models.writing import write, write_of
from app.services.outbound import owed_sprints, snapshots, stamped_notes
from app.services.outbound.plan import Plan
from app.services.timeouts import longest_request
from app.services.work.due_links import held_with_names
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
    answered = now + longest_request() + margin(lease)
    allowed = _allowed(
        now, answered, rules, lease.kind, lease.id, lease.connection_id, lease.generation
    )
    return db.session.scalar(*allowed) is not None


@prepared
def _allowed(
    now: datetime,
    answered: datetime,
    rules: Callable[[datetime], list[ColumnElement[bool]]],
    kind: WorkKind,
    lease_id: str,
    connection_id: int,
    generation: int,
) -> Select[int]:
    return (
        select(JiraConnection.id)
        .join(JiraConnection.organization)
        .join(JiraWork, JiraWork.connection_id == JiraConnection.id)
        .where(
            JiraConnection.id == connection_id,
            JiraConnection.generation == generation,
            JiraWork.kind == kind,
            JiraWork.lease_id == lease_id,
            JiraWork.lease_until > answered,
            *rules(now),
            installation_goes_on(now),
        )
    )


def margin(lease: Lease) -> timedelta:
    """How long a request may take to leave, from before the look that found that it may."""
    share: int = current_app.config["SYNC_LEASE_MARGIN_SHARE"]
    return lease.length / share


def note_tried(lease: Lease, updates: Sequence[Plan]) -> bool:
    """Remember what updates that are about to leave write into guarded fields (design.md §11.1).

    False, and nothing remembered, when a link is not this drain's any more.
    """
    texts = {plan.claim.link_id: plan.guarded_texts for plan in updates if plan.guarded_texts}
    links = db.session.scalars(*_active(lease.id, list(texts))).all() if texts else []
    if len(links) < len(texts):
        return False
    for link in links:
        link.snapshot = snapshots.with_tried(link.snapshot, texts[link.id])
    write(links)
    return True


def stamp(lease: Lease, creates: Sequence[Plan]) -> bool:
    """Stamp creates that are about to leave, with the snapshot of what they send (design.md §3.1).

    What is noted goes with it: a probe that finds the issue later knows nothing of its assignee,
    nor of the fields that it lacks.

    False, and nothing stamped, when a link is not this drain's any more, or nobody wants it any
    more: what is deleted from now on sees the stamp and stays due until its outcome is known. And
    when somebody has saved another place or other values since: it is claimed again with these.
    """
    if not creates:
        return True
    now, ids = utcnow(), [plan.claim.link_id for plan in creates]
    # Locked: somebody who unlinks or stops a backfill now either sees the stamp, or we see it.
    due, values = _due(lease.id, ids)
    if len(db.session.scalars(due.where(_still_chosen(creates)), values).all()) < len(ids):
        return False
    write_of(IssueLink, [_stamp(lease, plan, now) for plan in creates])
    return True


def _stamp(lease: Lease, plan: Plan, now: datetime) -> dict[str, Any]:
    assert plan.claim.target is not None
    notes = owed_sprints.until_found(plan.findings.notes, plan.claim, now)
    return {
        "id": plan.claim.link_id,
        "stamped_at": now,
        "stamped_cloud_id": lease.cloud_id,
        "stamped_account_id": lease.account_id,
        "stamped_project_id": plan.claim.target.project_id,
        "stamped_issue_type_id": plan.claim.target.issue_type_id,
        "stamped_snapshot": stamped_notes.with_notes(plan.snapshot, notes),
        "assignee_note": plan.assignee_note,
        "unknown_since": None,
        "empty_probes": 0,
    }


def _still_chosen(creates: Sequence[Plan]) -> ColumnElement[bool]:
    """That where they go, and what goes with them, is what admins have saved."""
    versions: dict[int, int] = {}
    for plan in creates:
        versions |= plan.claim.sent_with.versions if plan.claim.sent_with else {}
    if not versions:
        return true()
    same = [
        and_(ProjectMapping.id == mapping_id, ProjectMapping.version == version)
        for mapping_id, version in versions.items()
    ]
    count = select(func.count()).select_from(ProjectMapping).where(or_(*same))
    return count.scalar_subquery() == len(versions)


def own_links(lease: Lease, link_ids: Collection[int]) -> Mapping[int, IssueLink]:
    """Those of the links that are still this drain's, by id, locked until the commit.

    A drain that was frozen beyond its lease was taken over: whoever holds a link now finds out by
    itself, and what comes late must neither undo that nor count as a second probe. An edit that
    commits just now is seen here, or waits until this is written: "not due any more" cannot run
    over it. The caller has locked the connection and its work before.
    """
    found = db.session.scalars(*_held_with_names(lease.id, list(link_ids)))
    return {link.id: link for link in found}


@prepared
def _held_with_names(lease_id: str, link_ids: list[int]) -> Select[IssueLink]:
    return held_with_names(IssueLink.id.in_(link_ids), IssueLink.claim_id == lease_id)


@prepared
def _active(lease_id: str, link_ids: list[int]) -> Select[IssueLink]:
    return _held(select(IssueLink), lease_id, link_ids)


@prepared
def _due(lease_id: str, link_ids: list[int]) -> Select[int]:
    due = IssueLink.due_at.is_not(None)
    return _held(select(IssueLink.id).where(due), lease_id, link_ids)


def _held(selected: Select[Any], lease_id: str, link_ids: list[int]) -> Select[Any]:
    """Those of the links that are still this drain's and active, locked by ascending id: as strong
    as the update that follows; what refers to a link may be added meanwhile."""
    return (
        selected.where(IssueLink.id.in_(link_ids), IssueLink.claim_id == lease_id, IssueLink.active)
        .order_by(IssueLink.id)
        .with_for_update(of=IssueLink, key_share=True)
        .execution_options(populate_existing=True)
    )
