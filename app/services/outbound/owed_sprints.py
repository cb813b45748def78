"""The active sprint that an issue was created without, and gets by an update (design.md §2.10).

Looked for until ten minutes after the create. Each that writes looks first whether it is still
owed, and holds the connection, then the link.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError
from app.jira.types import Call
from app.models import (
    EntryState,
    IssueLink,
    JiraConnection,
    LinkState,
    Operation,
    Outcome,
    SyncEntry,
)
from app.models.field_note import Note, NoteReason, keep_notes, notes_of
from app.models.obstacles import may_change
from app.models.points import Spending
from app.models.prepared import prepared
from app.services.field_values.leaving_values import ChosenValue, sprint_field, sprint_value
from app.services.mapping import mappings, sent_values
from app.services.outbound import connection_state, entries
from app.services.outbound.claims import Claim
from app.services.outbound.due_transitions import issue_is_there
from app.services.work import leases
from app.services.work.due_links import among_few, with_team
from app.services.work.leases import Lease

# So many in one round: each is a request, one after the other.
MOST = 20
LONGEST = timedelta(minutes=10)
# Where nobody could be asked.
AGAIN = timedelta(minutes=1)
# What could not be sent that long, because syncing was paused or Jira away, is not sent any more.
LATEST = timedelta(hours=1)
# Why a create goes without, and it may be otherwise in a moment: edits take sprints that creates
# refuse (jira-platform.md §11.9).
_PASSES = {NoteReason.NO_SPRINT, NoteReason.REFUSED}


@dataclass(frozen=True)
class OwedSprint:
    """One as it was when the round began.

    due_at, until: aware UTC. chosen: None once nobody wants it any more. refused: the create was
    refused with it, perhaps because the sprint was closed by then.
    """

    link_id: int
    issue_id: str
    project_id: str
    due_at: datetime
    until: datetime
    chosen: ChosenValue | None
    refused: bool = False

    @property
    def created_at(self) -> datetime:
        return self.until - LONGEST


def owe(link: IssueLink, claim: Claim) -> None:
    """An issue was created: note whether it lacks the sprint that it is to have. The caller holds
    the link, whose notes are those of the create."""
    now = utcnow()
    _owe(link, until_found(notes_of(link), claim, now), now)


def owe_as_stamped(link: IssueLink) -> None:
    """The same of one that a probe found, whose notes say until when; nobody looks any longer."""
    now, notes = utcnow(), notes_of(link)
    over = {name: replace(each, until=None) for name, each in notes.items() if _is_over(each, now)}
    _owe(link, {**notes, **over}, now)


def until_found(notes: Mapping[str, Note], claim: Claim, created_at: datetime) -> dict[str, Note]:
    """The notes of a create, with how long the sprint is looked for that it leaves without."""
    passes = {name for name, note in notes.items() if note.reason in _PASSES}
    field_id = sprint_field(claim.sent_with.values) if passes and claim.sent_with else None
    if field_id is None or field_id not in passes:
        return dict(notes)
    return {**notes, field_id: replace(notes[field_id], until=created_at + LONGEST)}


def _is_over(note: Note, now: datetime) -> bool:
    return note.until is not None and note.until < now + AGAIN


def _owe(link: IssueLink, notes: Mapping[str, Note], now: datetime) -> None:
    if any(each.until for each in notes.values()):
        link.sprint_due_at = now + AGAIN
    keep_notes(link, notes)


def due_sprints(selected: Select[Any], now: datetime) -> Select[Any]:
    """Narrow a SELECT over IssueLink to those whose sprint is looked for at `now` (aware UTC)."""
    return _due(selected, now).where(IssueLink.sprint_due_at >= now - LATEST)


def _due(selected: Select[Any], now: datetime) -> Select[Any]:
    """The same with those that are too late."""
    return (
        selected.join(IssueLink.action_item)
        .join(IssueLink.connection)
        .join(JiraConnection.organization)
        .where(
            IssueLink.sprint_due_at <= now,
            IssueLink.state == LinkState.SYNCED,
            issue_is_there(now, Spending.UPDATES),
            *may_change(now),
        )
    )


def of_next_round(lease: Lease) -> list[OwedSprint]:
    """Those of the lease's connection that come first; nobody wants what is too late."""
    now = utcnow()
    links = db.session.scalars(*_first_of(lease.connection_id, now)).all()
    if not links:
        return []
    teams = list({link.action_item.retrospective.team for link in links})
    organization = teams[0].organization
    targets = mappings.targets_for(organization, teams)
    sent_with = sent_values.sent_with(organization, teams)
    found = []
    for link in links:
        team_id = link.action_item.retrospective.team_id
        goes_there = team_id in targets and targets[team_id].project_id == _project_of(link)
        in_time = link.sprint_due_at is not None and link.sprint_due_at >= now - LATEST
        found.append(_value(link, sent_with[team_id].values if goes_there and in_time else ()))
    return found


@prepared
def _first_of(connection_id: int, now: datetime) -> Select[IssueLink]:
    due = _due(with_team(select(IssueLink)), now).where(among_few(connection_id))
    return due.order_by(IssueLink.sprint_due_at, IssueLink.id).limit(MOST)


def _project_of(link: IssueLink) -> str:
    return link.issue_project_id or link.stamped_project_id or ""


def _value(link: IssueLink, values: tuple[ChosenValue, ...]) -> OwedSprint:
    assert link.issue_id is not None
    assert link.sprint_due_at is not None
    chosen = sprint_value(values)
    note = notes_of(link).get(chosen.field_id) if chosen else None
    until = note.until if note else None
    return OwedSprint(
        link_id=link.id,
        issue_id=link.issue_id,
        project_id=_project_of(link),
        due_at=link.sprint_due_at,
        until=until or link.sprint_due_at,
        chosen=chosen if until else None,
        refused=note is not None and note.reason is NoteReason.REFUSED,
    )


def leaves(lease: Lease, owed: OwedSprint) -> bool:
    """Whether it may still leave: nobody has unlinked, dropped or deleted the item meanwhile."""
    link = _held(lease, owed)
    return link is not None and link.active and not link.action_item.let_go


def put_off(lease: Lease, owed: OwedSprint, until: datetime) -> None:
    """Look again then (aware UTC), unless that is too late."""
    link = _held(lease, owed)
    if link is not None:
        link.sprint_due_at = until if until <= owed.until else None
        _written(link)


def give_up(lease: Lease, owed: OwedSprint, reason: NoteReason | None = None) -> None:
    """The issue stays without; for another reason than was noted, where one is given."""
    link = _held(lease, owed)
    if link is not None:
        _noted(link, owed, reason)


def in_one_already(lease: Lease, owed: OwedSprint) -> None:
    """Somebody has put it into a sprint: that one is theirs."""
    link = _held(lease, owed)
    if link is not None:
        _settled(link, owed)


def arrived(lease: Lease, owed: OwedSprint, call: Call | None) -> None:
    """Jira took it: a line of the Sync Log of its own."""
    link = _held(lease, owed)
    if link is None:
        return
    connection_state.note_success(link.connection, [call])
    pushes = entries.Pushes([link])
    entry = pushes.open(link, Operation.UPDATE)
    entry.fields = [owed.chosen.name] if owed.chosen else []
    entries.close(entry, link, EntryState.SYNCED)
    pushes.add_try(entry, Operation.UPDATE, Outcome.SUCCEEDED, call)
    pushes.write()
    link.synced_at = utcnow()
    _settled(link, owed)


def refused(lease: Lease, owed: OwedSprint, error: JiraError) -> None:
    """Jira would not take it either way: a try in the line of the create, and the note stays."""
    link = _held(lease, owed)
    if link is not None:
        _tried(link, Outcome.REFUSED, error)
        _noted(link, owed, NoteReason.REFUSED)


def unanswered(lease: Lease, owed: OwedSprint, error: JiraError, again_at: datetime) -> None:
    """Whether it is there is looked up before it is sent again."""
    link = _held(lease, owed)
    if link is not None:
        _tried(link, Outcome.UNAVAILABLE, error)
        put_off(lease, owed, again_at)


def _tried(link: IssueLink, outcome: Outcome, error: JiraError) -> None:
    """Add a try to the line of the create, which ended when its issue was there."""
    entry = db.session.scalar(
        select(SyncEntry)
        .where(SyncEntry.issue_link_id == link.id, SyncEntry.operation == Operation.CREATE)
        .order_by(SyncEntry.id.desc())
        .limit(1)
    )
    if entry is None:
        return
    ended = entry.updated_at
    pushes = entries.Pushes([link])
    pushes.add_try(entry, Operation.UPDATE, outcome, None, error)
    # When a create ended is what the level of commits counts (design.md §10.1).
    entry.updated_at = ended
    pushes.write()


def _noted(link: IssueLink, owed: OwedSprint, reason: NoteReason | None) -> None:
    notes = notes_of(link)
    note = notes.get(owed.chosen.field_id) if owed.chosen else None
    if owed.chosen and note:
        kept = replace(note, until=None, reason=reason or note.reason)
        keep_notes(link, {**notes, owed.chosen.field_id: kept})
    link.sprint_due_at = None
    _written(link)


def _settled(link: IssueLink, owed: OwedSprint) -> None:
    notes: dict[str, Note] = notes_of(link)
    if owed.chosen:
        notes.pop(owed.chosen.field_id, None)
    keep_notes(link, notes)
    link.sprint_due_at = None
    _written(link)


def _written(link: IssueLink) -> None:
    link.revision += 1
    db.session.flush()


def _held(lease: Lease, owed: OwedSprint) -> IssueLink | None:
    """The link, while the right to it is there and the same is still owed."""
    if not leases.hold_grant(lease):
        return None
    link = db.session.get_one(
        IssueLink, owed.link_id, populate_existing=True, with_for_update={"key_share": True}
    )
    return link if link.sprint_due_at == owed.due_at else None
