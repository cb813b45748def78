"""A check finds a field that issues went without: they get it by themselves, once each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Select, func, select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, AssigneeNote, IssueLink, JiraConnection, LinkState
from app.models.field_note import FOUND_AGAIN, Note, NoteReason, keep_notes, notes_of
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import ASSIGNEE, BY_ID
from app.services.outbound.snapshots import SEEN
from app.services.owed.pushes import mark_due

# Sync errors wait for a person, and an issue that is gone has no fields.
_OUT_OF_REACH = (LinkState.ERROR, LinkState.DELETED, LinkState.UNSEEN)
_LEFT_OUT = (AssigneeNote.NOT_ON_SCREEN, AssigneeNote.NOT_PERMITTED)


@dataclass(frozen=True)
class Settable:
    """What a look at a project told of fields.

    screens: by issue type id the ids of the fields of its create screen, as far as they were read.
    permissions: by Jira's key whether the account has it.
    """

    screens: Mapping[str, frozenset[str]]
    permissions: Mapping[str, bool]

    def has(self, field: SyncedField, issue_type_id: str | None) -> bool | None:
        """Whether the field can be set in issues of the type; None where that was not told."""
        if field.permission and not self.permissions.get(field.permission, True):
            return False
        screen = self.screens.get(issue_type_id or "")
        return None if screen is None else field.is_on(screen)


def follow(connection: JiraConnection, project_id: str, settable: Settable) -> None:
    """Make the project's issues due that lack a field which can be set by now.

    Each is tried once: what Jira refuses all the same waits until a check has found that the field
    cannot be set, and another one that it can. The push sends nothing that somebody has seen to in
    Jira meanwhile. Locks the links by ascending id.
    """
    for link in db.session.scalars(_noted_in(connection, project_id)):
        type_id = link.issue_type_id or link.stamped_issue_type_id
        known = notes_of(link)
        notes = {
            name: noted_after(note, settable.has(BY_ID[name], type_id)) if name in BY_ID else note
            for name, note in known.items()
        }
        keep_notes(link, notes)
        tried = any(note.found_again and note != known[name] for name, note in notes.items())
        if tried:
            mark_due(link, link.due_at or utcnow())
    db.session.flush()


def noted_after(note: Note, found: bool | None) -> Note:
    """What is noted after a check. found: whether the field can be set; None: not told. Pure."""
    if note.reason is NoteReason.PLAIN or found is None or found is note.found:
        return note
    return replace(note, found=True, screen=FOUND_AGAIN) if found else replace(note, found=False)


def follow_assignee(connection: JiraConnection, project_id: str, issue_type_id: str) -> None:
    """An assignee can be set by now: issues that went without follow, as with a late match.

    Whom Jira chose by itself when an issue was created is replaced, whom somebody chose is not.
    """
    of_type = func.coalesce(IssueLink.issue_type_id, IssueLink.stamped_issue_type_id)
    found = _within_reach(connection, project_id).where(
        IssueLink.assignee_note.in_(_LEFT_OUT), of_type == issue_type_id
    )
    for link in db.session.scalars(found):
        link.assignee_note = AssigneeNote.NOT_LOOKED_UP
        known = link.snapshot or {}
        link.snapshot = {ASSIGNEE.id: known.get(SEEN, {}).get(ASSIGNEE.id), **known}
        mark_due(link, link.due_at or utcnow())
    db.session.flush()


def _noted_in(connection: JiraConnection, project_id: str) -> Select[IssueLink]:
    return _within_reach(connection, project_id).where(IssueLink.field_notes.is_not(None))


def _within_reach(connection: JiraConnection, project_id: str) -> Select[IssueLink]:
    """The links of issues in the project that a push may change, locked."""
    of_project = func.coalesce(IssueLink.issue_project_id, IssueLink.stamped_project_id)
    return (
        select(IssueLink)
        .join(IssueLink.action_item)
        .where(
            IssueLink.connection_id == connection.id,
            IssueLink.active,
            IssueLink.issue_id.is_not(None),
            IssueLink.cloud_id == connection.cloud_id,
            IssueLink.state.not_in(_OUT_OF_REACH),
            of_project == project_id,
            ~ActionItem.let_go,
        )
        .order_by(IssueLink.id)
        .with_for_update(of=IssueLink)
        .execution_options(populate_existing=True)
    )
