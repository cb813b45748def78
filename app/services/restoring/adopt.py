"""Writing down what a search of the site has found (design.md §3.6)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import Select, or_, select

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError
from app.jira.types import CreatedIssue, Issue
from app.models import (
    ActionItem,
    Adoption,
    IssueLink,
    LinkState,
    Retrospective,
    Team,
)
from app.services import back_offs
from app.services.fields.sources import backlink_of, sources_of
from app.services.fields.values import FieldValue, values_of
from app.services.outbound import record, recording, second_looks
from app.services.outbound.recording import Recording
from app.services.outbound.snapshots import SOURCE
from app.services.people import matches
from app.services.restoring import found_issues, known_of_issues
from app.services.restoring.adoptions_due import Search
from app.services.restoring.found_issues import FoundIssue, KnownLink, Sorted
from app.services.restoring.readiness import QUIET_LOOKS
from app.services.work import leases
from app.services.work.leases import Lease

# Somebody has to give the account its view back first.
UNSEEN_WAIT = timedelta(minutes=5)
# Action items whose issues are written down in one transaction.
AT_ONCE = 50
MOST_KEYS = 500


def sorted_out(lease: Lease, found: Sequence[FoundIssue]) -> Sorted:
    """What is to become of each, as the rows are now."""
    item_ids, link_ids = {each.item for each in found}, {each.link for each in found}
    owners = db.session.execute(
        select(ActionItem.public_id, Team.organization_id)
        .join(ActionItem.retrospective)
        .join(Retrospective.team)
        .where(ActionItem.public_id.in_(item_ids))
    ).all()
    own = {item for item, organization_id in owners if organization_id == lease.organization_id}
    elsewhere = {item for item, _ in owners} - own
    return found_issues.sort(found, _known_links(lease, found, link_ids), own, elsewhere)


def adopt(lease: Lease, found: Sequence[FoundIssue], issues: Mapping[str, Issue]) -> int:
    """Give issues back to their action items; returns how many, 0 without the right to it.

    issues: as just read, by id; one that is gone since it was found is left out. Decides on the
    rows as they are, and holds connection, retrospectives, action items and links, in this order
    (design.md §2.3): whoever enters Commit meanwhile opens no other link. The caller commits.
    """
    connection = leases.hold_of_grant(lease)
    if connection is None:
        return 0
    there = [each for each in found if each.id in issues]
    items = _held_items({each.item for each in there})
    result = sorted_out(lease, there)
    newest = {items[each.item].id: each for each in result.opens}
    links = {link.id: link for link in _held_links([item.id for item in items.values()])}
    with recording.of(lease, connection, links) as held:
        for link in links.values():
            if link.id in result.ties:
                _tie(held, link, issues[result.ties[link.id].id])
            if link.active and link.action_item_id in newest:
                _close(link)  # or the other could not have been opened
    opened = {}
    for each in result.opens:
        item = items[each.item]
        opened[_opened(lease, item, each, active=newest[item.id] is each)] = issues[each.id]
    with recording.of(lease, connection, {link.id: link for link in opened}) as held:
        for link, issue in opened.items():
            _tie(held, link, issue)
    return result.adopted


def keep_what_came_later(lease: Lease, search: Search, issues: Mapping[str, Issue]) -> None:
    """Of edits that were waiting when the backup was made, let go what Jira has passed by.

    The caller commits.
    """
    if not search.waiting or not leases.hold_grant(lease):
        return
    waiting = {link_id: issues.get(issue_id) for issue_id, link_id in search.waiting.items()}
    links = select(IssueLink).where(IssueLink.id.in_(waiting)).order_by(IssueLink.id)
    for link in db.session.scalars(_held(links)):
        issue = waiting[link.id]
        if issue is not None and issue.id == link.issue_id and link.due_at is not None:
            values = _values(link.action_item)
            link.snapshot = known_of_issues.left_to_jira(link.snapshot, values, issue)
            link.due_since = utcnow()
    db.session.flush()


def finish_look(lease: Lease, adopted: int, left: Sequence[FoundIssue], unseen: list[str]) -> None:
    """Count a whole look. That nothing is missing has to be found twice. The caller commits.

    unseen: the projects without whose sight nothing can be said.
    """
    row = _row(lease)
    if row is None:
        return
    row.adopted += adopted
    row.quiet_looks = 0 if adopted else row.quiet_looks + 1
    row.left_alone = sorted({*row.left_alone, *(each.key for each in left)})[:MOST_KEYS]
    row.unseen_projects, row.failures, row.error = unseen, 0, None
    now = utcnow()
    row.looked_at, row.next_look_at = now, now + _between_looks(row)
    if row.quiet_looks >= QUIET_LOOKS and not unseen:
        row.finished_at = now
    db.session.flush()


def postpone(lease: Lease, error: JiraError) -> None:
    """Jira did not answer: the look begins anew later. The caller commits."""
    row = _row(lease)
    if row is None:
        return
    row.failures += 1
    row.error = error.sentence
    wait = max(back_offs.METADATA.after(row.failures), back_offs.asked_wait(error))
    row.next_look_at = utcnow() + wait
    db.session.flush()


def _row(lease: Lease) -> Adoption | None:
    """The search, held; None after a reconnect, whose own looks count."""
    if not leases.hold_grant(lease):
        return None
    row = db.session.get_one(Adoption, lease.connection_id, populate_existing=True)
    if row.generation != lease.generation:
        row.begin_anew(lease.generation)
    return row


def _between_looks(row: Adoption) -> timedelta:
    if row.quiet_looks >= QUIET_LOOKS:
        return UNSEEN_WAIT
    return timedelta(seconds=current_app.config["SYNC_PROBE_DELAYS"][-1])


def _known_links(lease: Lease, found: Sequence[FoundIssue], link_ids: set[str]) -> list[KnownLink]:
    of_an_issue = IssueLink.issue_id.in_([each.id for each in found])
    rows = db.session.execute(
        select(
            IssueLink.id,
            IssueLink.public_id,
            ActionItem.public_id,
            IssueLink.issue_id,
            IssueLink.active,
        )
        .join(IssueLink.action_item)
        .where(
            or_(
                IssueLink.public_id.in_(link_ids),
                of_an_issue & (IssueLink.cloud_id == lease.cloud_id),
            )
        )
        .order_by(IssueLink.id)
    )
    return [KnownLink(*row) for row in rows]


def _held_items(public_ids: set[str]) -> dict[str, ActionItem]:
    """The action items by public id, and their retrospectives, held."""
    found = select(ActionItem).where(ActionItem.public_id.in_(public_ids)).order_by(ActionItem.id)
    ids = {item.retrospective_id for item in db.session.scalars(found)}
    held = select(Retrospective).where(Retrospective.id.in_(ids)).order_by(Retrospective.id)
    db.session.scalars(
        held.with_for_update(of=Retrospective).execution_options(populate_existing=True)
    ).all()
    items = db.session.scalars(
        found.with_for_update(of=ActionItem).execution_options(populate_existing=True)
    )
    return {item.public_id: item for item in items}


def _held_links(item_ids: list[int]) -> Sequence[IssueLink]:
    of_items = select(IssueLink).where(IssueLink.action_item_id.in_(item_ids))
    return db.session.scalars(_held(of_items.order_by(IssueLink.id))).all()


def _held(links: Select[IssueLink]) -> Select[IssueLink]:
    return links.with_for_update(of=IssueLink).execution_options(populate_existing=True)


def _opened(lease: Lease, item: ActionItem, found: FoundIssue, *, active: bool) -> IssueLink:
    """The link that was forgotten."""
    link = IssueLink(action_item=item, connection_id=lease.connection_id, public_id=found.link)
    link.change_number, link.revision, link.tries = 0, 1, 0
    link.state, link.active = LinkState.WAITING, active
    link.closed_at = None if active else utcnow()
    db.session.add(link)
    db.session.flush()
    return link


def _close(link: IssueLink) -> None:
    if link.stamped:
        link.recheck_at = utcnow() + second_looks.AFTER
    link.close(withdrawn=not link.created and not link.stamped)
    link.stamped_at = link.unknown_since = None


def _tie(held: Recording, link: IssueLink, issue: Issue) -> None:
    """A create that the database knew to be under way says what it carried; else nobody knows."""
    item, values = link.action_item, _values(link.action_item)
    if not link.stamped:
        link.stamped_snapshot = None  # of an earlier create, which did nothing
    record.adopted(held, link, CreatedIssue(issue.id, issue.key))
    link.issue_project_id, link.issue_type_id = issue.project_id, issue.issue_type_id
    link.stamped_project_id = link.stamped_project_id or issue.project_id
    link.stamped_issue_type_id = link.stamped_issue_type_id or issue.issue_type_id
    link.not_before, link.withdrawn = None, False
    known = link.snapshot or known_of_issues.as_if_sent(values, _account_of(link))
    link.snapshot = known_of_issues.left_to_jira(known, values, issue)
    sources = link.snapshot.get(SOURCE, {})
    same = all(sources.get(value.field.id) == value.source for value in values)
    if same or not link.active or item.let_go:
        link.due_at = link.due_since = None
        link.state = LinkState.SYNCED


def _values(item: ActionItem) -> tuple[FieldValue, ...]:
    return values_of(sources_of(item), backlink_of(item))


def _account_of(link: IssueLink) -> str | None:
    owner = link.action_item.assignee_id
    match = matches.known(link.connection_id, [owner]).get(owner or 0)
    return match.account_id if match else None
