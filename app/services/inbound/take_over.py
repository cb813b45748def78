"""Taking fields over into action items, where the organization wants it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.jira.types import Issue
from app.models import (
    EntryState,
    IssueLink,
    JiraConnection,
    JiraPerson,
    MatchState,
    Operation,
    SyncEntry,
    TeamMember,
)
from app.services import item_changes
from app.services.fields import switches
from app.services.fields.sources import backlink_of, sources_of
from app.services.fields.table import ASSIGNEE
from app.services.inbound.merge import Merged, Ours, merge
from app.services.outbound import entries
from app.services.outbound.snapshots import with_seen, with_sent, with_sources
from app.services.people import awaited

RECENT_ENTRIES = 100
_MATCHED = (MatchState.MATCHED, MatchState.HIDDEN)


@dataclass(frozen=True)
class Around:
    """What take-over depends on beside a link and its issue.

    switched_on: the ids of the fields that are taken over.
    accounts: by Jira account, the members that it is known for. teams: by team, who is in it.
    """

    connection: JiraConnection
    switched_on: frozenset[str]
    accounts: Mapping[str, frozenset[int]]
    teams: Mapping[int, frozenset[int]]


def around(
    connection: JiraConnection, links: Iterable[IssueLink], issues: Iterable[Issue]
) -> Around:
    """Read it once for many links. Who is who is asked only if assignees are taken over."""
    switched_on = switches.taken_over(connection.organization.settings)
    if ASSIGNEE.id not in switched_on:
        return Around(connection, switched_on, {}, {})
    accounts = {issue.assignee_id for issue in issues if issue.assignee_id}
    teams = {link.action_item.retrospective.team_id for link in links}
    return Around(connection, switched_on, _known_for(connection.id, accounts), _members(teams))


def take(link: IssueLink, issue: Issue, around: Around, now: datetime) -> bool:
    """Take over what changed in Jira alone. Whether a person notices something."""
    item = link.action_item
    ours = Ours(sources_of(item), backlink_of(item), link.assignee_note is not None)
    merged = merge(around.switched_on, link.snapshot, ours, issue, _assignable(link, around))
    before = {name: getattr(item, name) for name in merged.values}
    for name, value in merged.values.items():
        setattr(item, name, value)
    item_changes.record_values(item, before, None, from_jira=True)
    if merged.snapshot:
        snapshot = with_sources({**(link.snapshot or {}), **merged.snapshot}, merged.sources)
        link.snapshot = with_seen(with_sent(snapshot, merged.seen), merged.seen)
    if ASSIGNEE.id in merged.snapshot:
        link.assignee_note = None
        db.session.flush()
        db.session.expire(item, ["assignee"])
    if merged.left and awaited.awaits_members(around.connection, item.retrospective.team_id, now):
        merged.left.clear()
    return _log(link, merged)


def _log(link: IssueLink, merged: Merged) -> bool:
    """Say what was taken over, and once for each change what was not."""
    if merged.taken:
        entries.log_return(link, Operation.TAKE_OVER, merged.taken)
    for operation, fields in ((Operation.KEEP, merged.kept), (Operation.LEAVE, merged.left)):
        if fields and not _said(link, operation, fields):
            entries.log_return(link, operation, fields)
    return bool(merged.snapshot)


def _said(link: IssueLink, operation: Operation, fields: Sequence[str]) -> bool:
    """Whether the log says this already of fields that neither side has written since."""
    latest = db.session.scalars(
        select(SyncEntry)
        .where(
            SyncEntry.issue_link_id == link.id,
            SyncEntry.state == EntryState.SYNCED,
            SyncEntry.operation.in_([operation, Operation.UPDATE, Operation.TAKE_OVER]),
        )
        .order_by(SyncEntry.updated_at.desc(), SyncEntry.id.desc())
        .limit(RECENT_ENTRIES)
    )
    for entry in latest:
        if set(fields) & set(entry.fields):
            return entry.operation is operation and set(fields) <= set(entry.fields)
    return False


def _assignable(link: IssueLink, around: Around) -> Mapping[str, int]:
    """By account, the one member whom the item may be given to: of its team, or who has it."""
    item = link.action_item
    team = around.teams.get(item.retrospective.team_id, frozenset()) if around.teams else ()
    found = {}
    for account, members in around.accounts.items():
        if item.assignee_id in members and item.assignee_id is not None:
            found[account] = item.assignee_id
        elif len(fitting := [member for member in members if member in team]) == 1:
            found[account] = fitting[0]
    return found


def _known_for(connection_id: int, accounts: set[str]) -> dict[str, frozenset[int]]:
    rows = db.session.execute(
        select(JiraPerson.account_id, JiraPerson.user_id).where(
            JiraPerson.connection_id == connection_id,
            JiraPerson.account_id.in_(accounts),
            JiraPerson.state.in_(_MATCHED),
        )
    )
    found: dict[str, frozenset[int]] = {}
    for account, user_id in rows:
        if account is not None:
            found[account] = found.get(account, frozenset()) | {user_id}
    return found


def _members(team_ids: set[int]) -> dict[int, frozenset[int]]:
    rows = db.session.execute(
        select(TeamMember.team_id, TeamMember.user_id).where(TeamMember.team_id.in_(team_ids))
    )
    found: dict[int, frozenset[int]] = {}
    for team_id, user_id in rows:
        found[team_id] = found.get(team_id, frozenset()) | {user_id}
    return found
