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
from app.services.inbound.merge import Ours, Switches, Verdict, compare
from app.services.outbound import entries
from app.services.people import awaited

RECENT_ENTRIES = 100
_MATCHED = (MatchState.MATCHED, MatchState.HIDDEN)


@dataclass(frozen=True)
class Around:
    """What take-over depends on beside a link and its issue.

    accounts: by Jira account, the members that it is known for. teams: by team, who is in it.
    """

    connection: JiraConnection
    switches: Switches
    accounts: Mapping[str, frozenset[int]]
    teams: Mapping[int, frozenset[int]]


def around(
    connection: JiraConnection, links: Iterable[IssueLink], issues: Iterable[Issue]
) -> Around:
    """Read it once for many links. Who is who is asked only if assignees are taken over."""
    settings = connection.organization.settings
    switches = Switches()
    if settings is not None:
        switches = Switches(
            title=settings.take_over_title,
            assignee=settings.take_over_assignee,
            due_date=settings.take_over_due_date,
        )
    if not switches.assignee:
        return Around(connection, switches, {}, {})
    accounts = {issue.assignee_id for issue in issues if issue.assignee_id}
    teams = {link.action_item.retrospective.team_id for link in links}
    return Around(connection, switches, _known_for(connection.id, accounts), _members(teams))


def take(link: IssueLink, issue: Issue, around: Around, now: datetime) -> bool:
    """Take over what changed in Jira alone. Whether a person notices something."""
    item = link.action_item
    ours = Ours(item.title, item.due_on, item.assignee_id, link.assignee_note is not None)
    verdict = compare(around.switches, link.snapshot, ours, issue, _assignable(link, around))
    for name, value in verdict.values.items():
        setattr(item, name, value)
    if verdict.snapshot:
        link.snapshot = {**(link.snapshot or {}), **verdict.snapshot}
    if "assignee" in verdict.snapshot:
        link.assignee_note = None
        db.session.flush()
        db.session.expire(item, ["assignee"])
    if verdict.left and awaited.awaits_members(around.connection, item.retrospective.team_id, now):
        verdict.left.clear()
    return _log(link, verdict)


def _log(link: IssueLink, verdict: Verdict) -> bool:
    """Say what was taken over, and once for each change what was not."""
    if verdict.taken:
        entries.log_return(link, Operation.TAKE_OVER, verdict.taken)
    for operation, fields in ((Operation.KEEP, verdict.kept), (Operation.LEAVE, verdict.left)):
        if fields and not _said(link, operation, fields):
            entries.log_return(link, operation, fields)
    return bool(verdict.snapshot)


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
