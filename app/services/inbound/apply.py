"""Writing down what was read of issues: status, key, absence, and the fields taken over."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.jira.types import Issue
from app.models import (
    ActionItem,
    CompletedIn,
    FailureCode,
    IssueLink,
    JiraConnection,
    LinkState,
    Operation,
    WorkKind,
)
from app.models.holding import hold
from app.models.issue_status import NAME_LIMIT, status_of
from app.services import item_changes
from app.services.inbound import changes, own_echoes, take_over, touches
from app.services.inbound.changes import Absence, Change, Known
from app.services.inbound.pending import Reading
from app.services.outbound import entries
from app.services.outbound.seen_statuses import read_in, see
from app.services.owed import pushes
from app.services.retrospectives import action_items
from app.services.webhooks import owed
from app.services.work.leases import Lease

Row = TypeVar("Row", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Seen:
    """What became of one reading: the issue, or why it is absent."""

    reading: Reading
    issue: Issue | None
    absence: Absence | None = None


def apply(lease: Lease, seen: Sequence[Seen], now: datetime) -> list[str] | None:
    """Write what was read to links, action items and the sync log; `now`: aware UTC.

    Returns the ids of the issues of which a person notices something; None, and nothing written,
    when the lease or the grant is not ours any more. Holds connection, items and links, in this
    order (design.md §2), and decides on them as they are now. The caller commits.
    """
    connection = _still_ours(lease)
    if connection is None:
        return None
    links = _held_links([each.reading.link_id for each in seen])
    issues = [each.issue for each in seen if each.issue]
    around = take_over.around(connection, links.values(), issues)
    opened = item_changes.opened_at(_to_be_completed(links, seen))
    keys = {link.id: link.issue_key for link in links.values()}
    noticed = []
    for each in seen:
        link = links.get(each.reading.link_id)
        if link is not None and _apply(link, each, around, opened, now):
            link.revision += 1
            noticed.append(each.reading.issue_id)
    db.session.flush()
    if any(link.issue_key != keys[link.id] for link in links.values()):
        owed.projects_changed(connection)
    return noticed


def _still_ours(lease: Lease) -> JiraConnection | None:
    connection = hold(lease.connection_id, JiraConnection.generation == lease.generation)
    if connection is None or connection.works[WorkKind.DRAIN].lease_id != lease.id:
        return None
    return connection


def _held_links(link_ids: Collection[int]) -> dict[int, IssueLink]:
    """The links that still matter, by id; their items are held, too, and were held first."""
    item_ids = select(IssueLink.action_item_id).where(IssueLink.id.in_(link_ids))
    items = select(ActionItem).where(ActionItem.id.in_(item_ids)).order_by(ActionItem.id)
    alive = {item.id: item for item in db.session.scalars(_held(items)) if not item.let_go}
    links = select(IssueLink).where(IssueLink.id.in_(link_ids)).order_by(IssueLink.id)
    found = {}
    for link in db.session.scalars(_held(links)):
        if link.active and link.action_item_id in alive:
            # A session forgets what nobody refers to, and would ask for each item again.
            set_committed_value(link, "action_item", alive[link.action_item_id])
            found[link.id] = link
    own_echoes.load(found)
    return found


def _held(rows: Select[Row]) -> Select[Row]:
    return rows.with_for_update(key_share=True).execution_options(populate_existing=True)


def _to_be_completed(links: Mapping[int, IssueLink], seen: Sequence[Seen]) -> set[int]:
    """The ids of the action items that are open, while their issue is done as it was read."""
    done = {
        each.reading.link_id
        for each in seen
        if each.issue is not None and each.issue.status_category == changes.DONE
    }
    items = (links[link_id].action_item for link_id in done & set(links))
    return {item.id for item in items if not item.complete}


def _apply(
    link: IssueLink,
    seen: Seen,
    around: take_over.Around,
    opened: Mapping[int, datetime],
    now: datetime,
) -> bool:
    """Whether a person notices something. opened: when items were opened here, by their ids."""
    known = known_of(link, opened.get(link.action_item_id))
    if seen.issue is None:
        news = seen.absence is not None and changes.disappears(known, seen.absence)
        if news and seen.absence:
            disappear(link, seen.absence)
        return news
    change = changes.change_of(known, seen.issue, now)
    if change.late:
        return False
    echo = own_echoes.is_echo(link, seen.issue)
    if echo:
        change = change.of_nobody
    _follow(link, change, now)
    taken = take_over.take(link, seen.issue, around, now)
    if not echo:
        touches.note(link, seen.issue, now)
    settled = own_echoes.learn(link, seen.issue, now)
    return _remember(link, seen.issue, now) or change.any or taken or settled


def known_of(link: IssueLink, opened_at: datetime | None = None) -> Known:
    """What is known of a link that the caller holds; its item was opened here then, if it was."""
    item = link.action_item
    return Known(
        state=link.state,
        issue_key=link.issue_key,
        category=link.status_category,
        updated=link.jira_updated_at,
        complete=item.complete,
        completed_in=item.completed_in,
        opened_at=opened_at,
    )


def _follow(link: IssueLink, change: Change, now: datetime) -> None:
    item = link.action_item
    if change.moved_to is not None:
        link.issue_key = change.moved_to
        entries.log_return(link, Operation.MOVE)
    if change.reappears:
        reappear(link, now)
    if change.completes_at is not None:
        item.note_completion(change.completes_at, CompletedIn.JIRA)
        entries.log_return(link, Operation.COMPLETE)
    if change.reopens:
        action_items.reopen(item)
        entries.log_return(link, Operation.REOPEN)


def _remember(link: IssueLink, issue: Issue, now: datetime) -> bool:
    """What Jira says now: the next change is told against it. Whether the status is another."""
    known, read = status_of(link), read_in(issue, now)
    if issue.status_category is not None:
        link.status_category = issue.status_category
        link.status_name = (issue.status_name or "")[:NAME_LIMIT] or None
    link.jira_updated_at = issue.updated or link.jira_updated_at
    return see(link, read) and known is not None


def disappear(link: IssueLink, absence: Absence) -> None:
    """Nothing more is sent for it; edits wait until it is seen again or created again.

    The caller holds the link, and knows by `changes.disappears` that it is news.
    """
    unseen = absence is Absence.UNSEEN
    link.state = LinkState.UNSEEN if unseen else LinkState.DELETED
    link.due_at = link.due_since = link.not_before = None
    link.tries = 0
    link.failure_code = FailureCode.MAY_NOT_BROWSE if unseen else None
    link.failure_message = link.failure_fields = link.failed_at = None
    if not entries.end_absent(link):
        entry = entries.log_return(link, Operation.DISAPPEAR)
        entry.failure_code = link.failure_code


def reappear(link: IssueLink, now: datetime) -> None:
    """Compare once: an edit did not go out meanwhile. No difference, no request.

    The caller holds the link.
    """
    link.state = LinkState.SYNCED
    link.failure_code = None
    entries.log_return(link, Operation.REAPPEAR)
    pushes.mark_due(link, now)
