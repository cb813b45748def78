"""The life of an issue link: what people do to action items, and what becomes due by it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import selectinload

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    AssigneeNote,
    Backfill,
    IssueLink,
    JiraConnection,
    LinkState,
    Organization,
    Retrospective,
    unsettled_link,
)
from app.models.carry_over import ids_listed_in
from app.models.field_note import forget_notes, keep_notes, notes_of
from app.services.counts import Count, counted
from app.services.errors import IssueElsewhere, OutcomeUnknown, TeamDoesNotSync, TeamNotMapped
from app.services.fields.sources import sources_of
from app.services.fields.table import SYNCED_FIELDS
from app.services.grants.asking import require_connection, usable_connection
from app.services.mapping.mappings import does_not_sync, mapping_for
from app.services.outbound import owed_statuses, stamped_notes
from app.services.outbound.snapshots import with_first_sources
from app.services.outbound.wanted import require_wanted
from app.services.owed.pushes import arm, mark_all_due, mark_due, open_links

# What Jira would not do for one owner, it may do for the next.
_REFUSED = {
    AssigneeNote.NOT_ASSIGNABLE,
    AssigneeNote.NOT_ON_SCREEN,
    AssigneeNote.NOT_PERMITTED,
    AssigneeNote.SUBSTITUTE_REFUSED,
}
# States in which an edit goes out by itself; a deleted issue waits for "Create again".
_EDITABLE = set(LinkState) - {LinkState.DELETED, LinkState.UNSEEN}


def active_link(item: ActionItem) -> IssueLink | None:
    """The item's one active link, if it has any."""
    return active_links([item]).get(item.id)


def active_links(items: Iterable[ActionItem]) -> dict[int, IssueLink]:
    """The active links of `items` by item id, in one query."""
    ids = [item.id for item in items]
    links = db.session.scalars(
        select(IssueLink)
        .where(IssueLink.active, IssueLink.action_item_id.in_(ids))
        .options(selectinload(IssueLink.owed_status))
    )
    return {link.action_item_id: link for link in links}


def commit_action_items(retrospective: Retrospective) -> int:
    """Make every action item that the retrospective lists due that never had a link, those that
    were carried over to it among them; return how many.

    What somebody unlinked stays unlinked when the retrospective enters Commit again.

    Called in the transaction that enters Commit, which holds the retrospective's row. Does
    nothing while Jira is not connected, the plan has no Jira or the team does not sync.
    """
    missing = (
        select(ActionItem.id)
        .where(ActionItem.id.in_(ids_listed_in(retrospective.id)))
        .where(~ActionItem.let_go, ~ever_linked())
        .order_by(ActionItem.id)
    )
    # Held, and looked for once more: another retrospective that lists it may commit it just now.
    db.session.scalars(missing.with_for_update(key_share=True)).all()
    any_completed = owed_statuses.any_completed(missing)
    connection = usable_connection(retrospective.team.organization)
    if connection is None or does_not_sync(retrospective.team):
        return 0
    opened = open_links(db.session.scalars(missing), connection, utcnow())
    if any_completed:
        owed_statuses.opened(opened)
    return len(opened)


def request_sync(item: ActionItem) -> IssueLink:
    """Sync to Jira: push the item at once, whether it has an issue yet or not.

    Asking again while a push is under way does no harm. Raises `PlanWithoutJira`,
    `JiraNotConnected`, `TeamDoesNotSync`, `TeamNotMapped`, `IssueElsewhere`.
    """
    return request_syncs(item.retrospective, [item])[item.id]


def request_syncs(
    retrospective: Retrospective, items: Collection[ActionItem]
) -> dict[int, IssueLink]:
    """The same of several items of one retrospective, in as many statements as for one; the links
    by item id. The caller holds the items by ascending id. Nothing is pushed if it raises: the
    same, or `ItemDropped`."""
    require_wanted(items)
    connection, now = _connection_for(retrospective), utcnow()
    links = locked_links(items)
    if any(link.is_elsewhere for link in links.values()):
        raise IssueElsewhere
    for link in links.values():
        if not link.created and not link.stamped:
            link.backfill_id = None  # now a person waits for it, whatever becomes of the backfill
        forget_notes(link)
        stamped_notes.ask_again(link)
        arm(link)
    owed_statuses.again(links.values())
    mark_all_due(links.values(), now)
    new = [item.id for item in items if item.id not in links]
    owed_statuses.opened(open_links(new, connection, now))
    return {**active_links(items), **links}


def open_for_backfill(items: Iterable[ActionItem], backfill: Backfill) -> int:
    """Open the items' links as a part of `backfill`: they go out after what people committed.

    The caller holds the items' rows and knows that they have no link.
    """
    ids = [item.id for item in items]
    return len(open_links(ids, backfill.connection, utcnow(), backfill))


def ever_linked() -> ColumnElement[bool]:
    """Whether an action item of the surrounding SELECT has or had a link.

    One that was withdrawn does not count: nothing of it was ever in Jira.
    """
    return exists().where(IssueLink.action_item_id == ActionItem.id, IssueLink.withdrawn.is_(False))


def retry(link: IssueLink) -> bool:
    """Push a link in sync error at once, with fresh tries. Any other is left alone: False."""
    return bool(retry_all([link]))


def retry_all(links: Iterable[IssueLink]) -> int:
    """The same of several, which are written together; how many were in sync error."""
    failed = [link for link in links if _may_be_retried(link)]
    for link in failed:
        forget_notes(link)
        arm(link)
    owed_statuses.again(failed)
    mark_all_due(failed, utcnow())
    return len(failed)


def _may_be_retried(link: IssueLink) -> bool:
    return link.active and link.state is LinkState.ERROR and not link.is_elsewhere


def item_edited(item: ActionItem, was: Mapping[str, Any] | None = None) -> None:
    """Make the item's issue follow an edit. An edit never creates an issue by itself.

    was: what stood in the fields that were edited, by Jira's ids (`fields/sources`).
    A field that was left out of the issue is tried again once it is edited.
    """
    link = locked_link(item)
    if link is None or item.dropped:
        return
    if was is not None:
        _learn_sources(item, link, was)
        notes = {name: note for name, note in notes_of(link).items() if name not in was}
        keep_notes(link, notes)
        stamped_notes.ask_again(link, was)
    if link.state not in _EDITABLE:
        return
    if link.assignee_note in _REFUSED and _owner_changed(item, link):
        link.assignee_note = None
    if link.state is LinkState.ERROR:
        arm(link)
    now = utcnow()
    if link.due_at is None:
        link.due_since = now
    mark_due(link, _edit_due_at(link, now))


def _learn_sources(item: ActionItem, link: IssueLink, was: Mapping[str, Any]) -> None:
    """Of a settled row of version 1.0: its issue was made from what stood here until now."""
    settled = link.created and link.due_at is None and link.claim_id is None
    if settled and link.snapshot is not None:
        before = {**sources_of(item), **was}
        link.snapshot = with_first_sources(link.snapshot, SYNCED_FIELDS, before)


def item_deleted(item: ActionItem) -> None:
    """Stop syncing a deleted item; a create whose outcome is unknown is still looked up."""
    link = locked_link(item)
    if link is None:
        return
    link.revision += 1
    if not link.stamped:
        link.due_at = None


def unlink(item: ActionItem) -> None:
    """Close the item's link. The issue stays in Jira and is not touched again.

    Raises `OutcomeUnknown` while a create has no known outcome: forgetting it could make a second.
    """
    link = locked_link(item)
    if link is None:
        return
    if link.stamped:
        raise OutcomeUnknown
    link.close()


def create_again(item: ActionItem) -> IssueLink:
    """Open a new link for an item whose issue was deleted in Jira, and push it at once."""
    require_wanted([item])
    connection = _connection_for(item.retrospective)
    unlink(item)
    db.session.flush()
    (link_id,) = open_links([item.id], connection, utcnow())
    owed_statuses.opened([link_id])
    return db.session.get_one(IssueLink, link_id)


def locked_link(item: ActionItem) -> IssueLink | None:
    """The active link, read anew and held: a worker may be stamping or settling it just now.

    Unheld, a due date that stays the same would not be written over a worker's "settled".
    """
    return locked_links([item]).get(item.id)


def locked_links(items: Iterable[ActionItem]) -> dict[int, IssueLink]:
    """Those of several items by item id, held by ascending id."""
    links = db.session.scalars(
        select(IssueLink)
        .where(IssueLink.active, IssueLink.action_item_id.in_([item.id for item in items]))
        .order_by(IssueLink.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {link.action_item_id: link for link in links}


def _owner_changed(item: ActionItem, link: IssueLink) -> bool:
    known = link.snapshot or link.stamped_snapshot or {}
    return item.assignee_id != known.get("assignee_id")


def _connection_for(retrospective: Retrospective) -> JiraConnection:
    connection = require_connection(retrospective.team.organization)
    if does_not_sync(retrospective.team):
        raise TeamDoesNotSync
    if mapping_for(retrospective.team) is None:
        raise TeamNotMapped
    return connection


def _edit_due_at(link: IssueLink, now: datetime) -> datetime:
    """5 s after the last edit, 30 s after the first at most; a create under way is not delayed."""
    quiet, at_most = current_app.config["SYNC_EDIT_DELAYS"]
    if not link.created:
        return link.due_at or now
    since = link.due_since or now
    return min(now + timedelta(seconds=quiet), since + timedelta(seconds=at_most))


def failed_count(organization: Organization) -> Count:
    """How many action items are in sync error: the number on the tab, the card and home."""
    return counted(
        select(IssueLink.id)
        .join(IssueLink.connection)
        .join(IssueLink.action_item)
        .where(JiraConnection.organization_id == organization.id, *in_sync_error())
    )


def synced_since(connection: JiraConnection, since: datetime) -> Count:
    """How many were synced since then (aware UTC), whatever has become of them: the number on the
    card and home. Of one index alone, which has them by when they were."""
    return counted(
        select(IssueLink.id).where(
            IssueLink.connection_id == connection.id, IssueLink.synced_at > since
        )
    )


def in_sync_error() -> tuple[ColumnElement[bool], ...]:
    """What makes an issue link, joined with its action item, count as failed."""
    return (*unsettled_link([LinkState.ERROR]), ~ActionItem.let_go)
