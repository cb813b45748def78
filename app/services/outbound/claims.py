"""Claiming due links as frozen values, and cleaning up after drains that died."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, select

from app.clock import utcnow
from app.extensions import db
from app.jira.adf import Backlink
from app.models import (
    ActionItem,
    AssigneeNote,
    FailureCode,
    IssueLink,
    LinkState,
    Operation,
    Outcome,
    ProjectMapping,
    Team,
)
from app.models.holding import hold
from app.services.fields.sources import backlink_of, sources_of
from app.services.fields.table import ASSIGNEE
from app.services.mapping import mappings
from app.services.mapping.mappings import Target
from app.services.outbound import drain_lease, due, entries, second_looks
from app.services.work.leases import Lease

# One round: 8 bulk creates of 50 at the most (design.md §2).
MOST_LINKS = 400
UNMAPPED_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Desired:
    """What Jira should hold, as Unpack says it.

    sources: what a person wrote, by Jira's field ids (`fields/sources`).
    """

    sources: Mapping[str, Any]
    assignee_email: str | None
    backlink: Backlink

    @property
    def assignee_id(self) -> int | None:
        """The owner; None for an item without one."""
        owner: int | None = self.sources[ASSIGNEE.id]
        return owner


@dataclass(frozen=True)
class Stamp:
    """A create that left, and whose outcome is not known."""

    at: datetime
    cloud_id: str
    account_id: str
    project_id: str
    empty_probes: int


@dataclass(frozen=True)
class Claim:
    """A due link as it was when it was claimed. Nothing in it changes any more."""

    link_id: int
    link_public_id: str
    item_public_id: str
    change_number: int
    issue_id: str | None
    project_id: str | None
    snapshot: dict[str, Any] | None
    assignee_note: AssigneeNote | None
    tries: int
    target: Target | None
    desired: Desired
    stamp: Stamp | None
    deleted: bool


def claim(lease: Lease) -> list[Claim]:
    """Claim the connection's due links, oldest first, and return them as values.

    Links whose team has no project are put off until the settings change.
    """
    rows = _due_rows(lease)
    targets = _targets(rows)
    mapped = {link.id: targets.get(link.action_item.retrospective.team_id) for link in rows}
    ready = [link for link in rows if link.created or link.stamped or mapped[link.id]]
    claimed = [_claim(link, mapped[link.id]) for link in ready]
    # Nothing is read from here on, so that all are written at once, by ascending id.
    taken = {link.id for link in ready}
    for link in rows:
        if link.id in taken:
            _take(link, lease)
        else:
            _put_off(link)
    db.session.flush()
    return claimed


def recover(lease: Lease) -> None:
    """Take over what earlier drains left claimed: a stamped create of theirs is unknown."""
    left = db.session.scalars(
        select(IssueLink)
        .where(
            IssueLink.connection_id == lease.connection_id,
            IssueLink.claim_id.is_not(None),
            IssueLink.claim_id != lease.id,
        )
        .order_by(IssueLink.id)
    )
    for link in left:
        if link.stamped and link.unknown_since is None:
            _presume_unknown(link)
        _let_go(link)
    db.session.flush()


def let_go(lease: Lease) -> None:
    """Give back whatever this drain still holds; what is stamped and unsettled is unknown."""
    held = db.session.scalars(
        select(IssueLink).where(IssueLink.claim_id == lease.id).order_by(IssueLink.id)
    )
    for link in held:
        if link.stamped and link.unknown_since is None:
            _presume_unknown(link)
        _let_go(link)
    db.session.flush()


def stamp(lease: Lease, claims: list[tuple[Claim, dict[str, Any], AssigneeNote | None]]) -> bool:
    """Stamp creates that are about to leave, with the snapshot of what they send (design.md §3.1).

    The note goes with it: a probe that finds the issue later knows nothing of its assignee.

    False, and nothing stamped, when a link is not this drain's any more.
    """
    now = utcnow()
    for claimed, snapshot, note in sorted(claims, key=lambda each: each[0].link_id):
        # Locked: somebody who unlinks or stops a backfill now either sees the stamp, or we see it.
        link = db.session.get_one(
            IssueLink, claimed.link_id, populate_existing=True, with_for_update=True
        )
        if link.claim_id != lease.id or not link.active:
            return False
        assert claimed.target is not None
        link.stamped_at = now
        link.stamped_cloud_id = lease.cloud_id
        link.stamped_account_id = lease.account_id
        link.stamped_project_id = claimed.target.project_id
        link.stamped_issue_type_id = claimed.target.issue_type_id
        link.stamped_snapshot, link.assignee_note = snapshot, note
        link.unknown_since = None
        link.empty_probes = 0
    db.session.flush()
    return True


def by_link(claims: Iterable[Claim]) -> list[Claim]:
    """In the order in which their links are locked where one transaction writes several."""
    return sorted(claims, key=lambda claim: claim.link_id)


def holds(lease: Lease, link_id: int) -> bool:
    """Whether the link is still this drain's; if so, its row is locked until the commit.

    The connection and its work before it, as everywhere: what comes of a request may concern all.
    A drain that was frozen beyond its lease was taken over: whoever holds the link now finds out
    by itself, and what comes late must neither undo that nor count as a second probe.
    """
    hold(lease.connection_id)
    held = select(IssueLink.id).where(IssueLink.id == link_id, IssueLink.claim_id == lease.id)
    return db.session.scalar(held.with_for_update(key_share=True)) is not None


def _due_rows(lease: Lease) -> list[IssueLink]:
    selected = due.due_links(select(IssueLink), utcnow()).where(
        IssueLink.connection_id == lease.connection_id, IssueLink.claim_id.is_(None)
    )
    # Creates first: whoever commits is waiting for keys; an update can come a little later, and a
    # backfill last of all.
    order = selected.order_by(
        _of_backfill(),
        IssueLink.issue_id.is_not(None),
        IssueLink.due_at,
        IssueLink.id,
    )
    return _people_first(db.session.scalars(order.limit(MOST_LINKS)).all())


def _of_backfill() -> ColumnElement[bool]:
    return and_(IssueLink.issue_id.is_(None), IssueLink.backfill_id.is_not(None))


def _people_first(rows: Sequence[IssueLink]) -> list[IssueLink]:
    """What people wait for goes in a round of its own: a bulk beside a backfill takes longer."""
    awaited = [link for link in rows if link.created or link.backfill_id is None]
    return awaited or list(rows)


def _targets(rows: list[IssueLink]) -> dict[int, ProjectMapping]:
    teams: dict[int, Team] = {}
    for link in rows:
        team = link.action_item.retrospective.team
        teams[team.id] = team
    if not teams:
        return {}
    organization = next(iter(teams.values())).organization
    return mappings.mappings_for(organization, list(teams.values()))


def _take(link: IssueLink, lease: Lease) -> None:
    link.claim_id = lease.id
    if not link.stamped:
        link.state = LinkState.SYNCING
    link.revision += 1


def _put_off(link: IssueLink) -> None:
    link.not_before = utcnow() + UNMAPPED_WAIT
    link.failure_code = FailureCode.NOT_MAPPED
    link.state = LinkState.WAITING
    link.revision += 1


def _presume_unknown(link: IssueLink) -> None:
    """A request of a dead process has ended by its own timeout at the latest."""
    assert link.stamped_at is not None
    ended = link.stamped_at + drain_lease.request_timeout()
    first_probe = current_app.config["SYNC_PROBE_DELAYS"][0]
    link.unknown_since, link.recheck_at = ended, ended + second_looks.AFTER
    link.not_before = ended + timedelta(seconds=first_probe)
    link.state = LinkState.UNKNOWN
    link.tries += 1
    entries.note_attempt(link, Operation.CREATE, Outcome.INTERRUPTED)


def _let_go(link: IssueLink) -> None:
    link.claim_id = None
    link.revision += 1
    if link.state is LinkState.SYNCING:
        link.state = LinkState.WAITING


def _claim(link: IssueLink, mapping: ProjectMapping | None) -> Claim:
    return Claim(
        link_id=link.id,
        link_public_id=link.public_id,
        item_public_id=link.action_item.public_id,
        change_number=link.change_number,
        issue_id=link.issue_id,
        project_id=link.stamped_project_id,
        snapshot=link.snapshot,
        assignee_note=link.assignee_note,
        tries=link.tries,
        target=_target(mapping),
        desired=_desired(link.action_item),
        stamp=_stamp(link),
        deleted=link.action_item.deleted_at is not None,
    )


def _target(mapping: ProjectMapping | None) -> Target | None:
    if mapping is None:
        return None
    return Target(mapping.project_id, mapping.project_key, mapping.issue_type_id)


def _desired(item: ActionItem) -> Desired:
    return Desired(
        sources=sources_of(item),
        assignee_email=item.assignee.email if item.assignee else None,
        backlink=backlink_of(item),
    )


def _stamp(link: IssueLink) -> Stamp | None:
    if link.stamped_at is None:
        return None
    assert link.stamped_cloud_id is not None
    assert link.stamped_account_id is not None
    assert link.stamped_project_id is not None
    return Stamp(
        at=link.stamped_at,
        cloud_id=link.stamped_cloud_id,
        account_id=link.stamped_account_id,
        project_id=link.stamped_project_id,
        empty_probes=link.empty_probes,
    )
