"""What to send for a claimed link: a pure decision."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.jira.errors import JiraError
from app.jira.people import reference
from app.jira.types import Issue, IssueDraft
from app.models import AssigneeNote
from app.models.difference import Difference
from app.models.field_note import Note, NoteReason
from app.services.field_values.leaving_values import Leaving
from app.services.fields.table import ASSIGNEE, BY_ID
from app.services.fields.values import FieldValue
from app.services.mapping.mappings import Place
from app.services.outbound import assignee, snapshots, value_notes
from app.services.outbound.assignee import Assignment, Owner
from app.services.outbound.claims import Claim
from app.services.outbound.compare import compare

PROPERTY = "unpack.action-item"
NOTHING_MORE = Leaving()


@dataclass(frozen=True)
class Screen:
    """What may be sent for a claim.

    sendable: the synced fields that can be set there. name: tells one screen from another.
    denied: those of them that the account lacks the permission for. place: where the issue is, of
    an update. Of a create: fingerprints of its fields by id, leaving: the field values that go with
    it.
    """

    sendable: frozenset[str]
    name: str = ""
    denied: frozenset[str] = frozenset()
    place: Place | None = None
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    leaving: Leaving = NOTHING_MORE


@dataclass(frozen=True)
class Findings:
    """What planning found beside what is sent, by Jira's ids of fields.

    differences: waits for a person's decision. notes: left out, or sent otherwise. replaced: what
    ours goes over in Jira. withheld: not sent, because the issue could not be read; trouble: why.
    place: where the issue is, if it was read. issue: as it was last read, if it was.
    """

    differences: Mapping[str, Difference] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    replaced: Mapping[str, Any] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()
    trouble: JiraError | None = None
    place: Place | None = None
    issue: Issue | None = None


@dataclass(frozen=True)
class Plan:
    """What is sent for a claim, and the snapshot that success stores.

    `fields` empty and no draft: Jira already holds everything, nothing is sent. value_names: of a
    create, what Jira calls the field values that are sent, by their ids.
    """

    claim: Claim
    snapshot: dict[str, Any]
    assignee_note: AssigneeNote | None
    draft: IssueDraft | None = None
    fields: dict[str, Any] | None = None
    findings: Findings = Findings()
    value_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def creates(self) -> bool:
        return self.draft is not None

    @property
    def creates_in(self) -> str:
        """The project's id in Jira, of a create; else nothing."""
        target = self.claim.target
        return target.project_id if self.creates and target is not None else ""

    @property
    def nothing(self) -> bool:
        return self.draft is None and not self.fields

    def withheld_by(self, trouble: JiraError | None) -> "Plan":
        """The same, saying why something is withheld, if anything is."""
        if not self.findings.withheld:
            return self
        return replace(self, findings=replace(self.findings, trouble=trouble))

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields that a person would name, of those that are sent."""
        sent = (name for name in self.sent if name not in {"project", "issuetype"})
        return tuple(self.value_names.get(name, name) for name in sent)

    @property
    def guarded_texts(self) -> dict[str, Any]:
        """What an update writes into guarded fields, as it is seen in Jira afterwards."""
        sent = self.snapshot.get(snapshots.SENT, {})
        guarded = {name for name in self.fields or {} if name in BY_ID and BY_ID[name].guarded}
        return {name: sent[name] for name in guarded if name in sent}

    @property
    def sends_account(self) -> bool:
        """Whether somebody is assigned by what is sent."""
        return bool(self.sent.get(ASSIGNEE.id))

    @property
    def sends_substitute(self) -> bool:
        """Whether that somebody stands in for an owner who is not matched."""
        return self.sends_account and self.assignee_note is not None

    @property
    def sent(self) -> Mapping[str, Any]:
        """Jira's fields as they are sent."""
        return self.draft.fields if self.draft else (self.fields or {})


def link_of(properties: Mapping[str, Any]) -> str | None:
    """The link that an issue says it belongs to; None for what a person may have written there."""
    return _named_by(properties, "link")


def item_of(properties: Mapping[str, Any]) -> str | None:
    """The action item that an issue says it was made of; None as above."""
    return _named_by(properties, "id")


def _named_by(properties: Mapping[str, Any], name: str) -> str | None:
    value = properties.get(PROPERTY)
    named = value.get(name) if isinstance(value, Mapping) else None
    return named if isinstance(named, str) else None


def plan(
    claim: Claim,
    values: Sequence[FieldValue],
    screen: Screen,
    owner: Owner,
    issue: Issue | None = None,
) -> Plan:
    """Decide between create, update of the fields that differ, and nothing.

    values: what the issue's fields are to hold. issue: as just read, of an update that has
    something to send; None where Jira could not be asked.
    """
    sendable = _allowed(claim, screen)
    assignment = assignee.assign(claim, sendable, owner)
    if ASSIGNEE.id in screen.denied:
        assignment = assignee.denied(assignment)
    if claim.issue_id is None:
        return _create(claim, values, replace(screen, sendable=sendable), assignment)
    compared = compare(claim, values, sendable, assignment, issue)
    findings = Findings(
        differences=compared.differences,
        notes={**value_notes.lasting(claim), **_notes(claim, compared.left_out, screen)},
        replaced=compared.replaced,
        withheld=tuple(compared.withheld),
        place=screen.place if issue is not None else None,
        issue=issue,
    )
    snapshot, note = compared.snapshot, assignment.note
    return Plan(claim, snapshot, note, fields=compared.fields, findings=findings)


def _allowed(claim: Claim, screen: Screen) -> frozenset[str]:
    """What the screen takes, less what it has just been refused on (`Note`)."""
    noted = {
        name
        for name, note in claim.notes.items()
        if note.screen == screen.name and note.reason is not NoteReason.PLAIN
    }
    return screen.sendable - noted - screen.denied


def _create(
    claim: Claim, values: Sequence[FieldValue], screen: Screen, assignment: Assignment
) -> Plan:
    """The snapshot keeps our own owner beside the account, so that an update names the assignee
    only when that one changed (design.md §4)."""
    fields: dict[str, Any] = {}
    snapshot: dict[str, Any] = dict(assignment.remembered)
    sent: dict[str, FieldValue] = {}
    for value in values:
        if value.field is ASSIGNEE:
            if assignment.sent:
                fields[ASSIGNEE.id] = reference(assignment.account_id)
                snapshot = snapshots.with_sent(snapshot, {ASSIGNEE.id: assignment.account_id})
            snapshot = snapshots.with_sources(snapshot, {ASSIGNEE.id: value.source})
        elif value.field.id in screen.sendable:
            fields[value.field.id] = value.sent
            snapshot[value.field.id] = value.remembered
            sent[value.field.id] = value
    snapshot = snapshots.with_sources(snapshot, {name: each.source for name, each in sent.items()})
    snapshot = snapshots.with_sent(snapshot, {name: each.seen for name, each in sent.items()})
    left_out = [
        each.field.id
        for each in values
        if each.field is not ASSIGNEE and each.sent is not None and each.field.id not in sent
    ]
    leaving, lacks = value_notes.leaving_and_notes(claim, screen.leaving, screen.name)
    fields |= {name: each.sent for name, each in leaving.items()}
    if leaving:
        snapshot = {**snapshot, snapshots.VALUES: {name: fields[name] for name in leaving}}
    findings = Findings(notes={**_notes(claim, left_out, screen), **lacks})
    names = {name: each.name for name, each in leaving.items()}
    return Plan(
        claim,
        snapshot,
        assignment.note,
        draft=_draft(claim, fields),
        findings=findings,
        value_names=names,
    )


def _notes(claim: Claim, left_out: Collection[str], screen: Screen) -> dict[str, Note]:
    """What is known already of a field that stays out, else why it does."""
    return {name: _note(claim.notes.get(name), name, screen) for name in left_out}


def _note(known: Note | None, name: str, screen: Screen) -> Note:
    if known is not None and not known.found_again:
        return known
    denied = name in screen.denied
    reason = NoteReason.NOT_PERMITTED if denied else NoteReason.NOT_ON_SCREEN
    return Note(reason, screen.name, found=known is not None)


def _draft(claim: Claim, wanted: Mapping[str, Any]) -> IssueDraft:
    assert claim.target is not None
    fields = {name: value for name, value in wanted.items() if _needed(name, value)}
    fields["project"] = {"id": claim.target.project_id}
    fields["issuetype"] = {"id": claim.target.issue_type_id}
    return IssueDraft(
        fields=fields,
        properties={PROPERTY: {"id": claim.item_public_id, "link": claim.link_public_id}},
    )


def _needed(field_id: str, value: Any) -> bool:
    """A create leaves empty fields out, but for those that Jira would choose a value for."""
    return value is not None or BY_ID[field_id].sent_empty
