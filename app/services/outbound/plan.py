"""What to send for a claimed link: a pure decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.jira.people import reference
from app.jira.types import IssueDraft
from app.models import AssigneeNote
from app.services.fields.table import ASSIGNEE, BY_ID
from app.services.fields.values import FieldValue
from app.services.outbound import assignee
from app.services.outbound.assignee import Assignment, Owner
from app.services.outbound.claims import Claim

PROPERTY = "unpack.action-item"
SINGLE_CREATES = 8
BULK_REQUESTS = 8


@dataclass(frozen=True)
class Plan:
    """What is sent for a claim, and the snapshot that success stores.

    `fields` empty and no draft: Jira already holds everything, nothing is sent.
    """

    claim: Claim
    snapshot: dict[str, Any]
    assignee_note: AssigneeNote | None
    draft: IssueDraft | None = None
    fields: dict[str, Any] | None = None

    @property
    def creates(self) -> bool:
        return self.draft is not None

    @property
    def nothing(self) -> bool:
        return self.draft is None and not self.fields

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields that a person would name, of those that are sent."""
        return tuple(name for name in self._sent if name not in {"project", "issuetype"})

    @property
    def sends_account(self) -> bool:
        """Whether somebody is assigned by what is sent."""
        return bool(self._sent.get(ASSIGNEE.id))

    @property
    def sends_substitute(self) -> bool:
        """Whether that somebody stands in for an owner who is not matched."""
        return self.sends_account and self.assignee_note is not None

    @property
    def _sent(self) -> Mapping[str, Any]:
        return self.draft.fields if self.draft else (self.fields or {})


def link_of(properties: Mapping[str, Any]) -> str | None:
    """The link that an issue says it belongs to; None for what a person may have written there."""
    value = properties.get(PROPERTY)
    link = value.get("link") if isinstance(value, Mapping) else None
    return link if isinstance(link, str) else None


def plan(
    claim: Claim, values: Sequence[FieldValue], sendable: frozenset[str], owner: Owner
) -> Plan:
    """Decide between create, update of the fields that differ, and nothing.

    values: what the issue's fields are to hold. sendable: those of them that can be sent.
    """
    assignment = assignee.assign(claim, sendable, owner)
    on_screen = [value for value in values if value.field.id in sendable]
    wanted = _wanted(claim, on_screen, assignment)
    if claim.issue_id is None:
        draft = _draft(claim, wanted)
        return Plan(claim, wanted.snapshot, assignment.note, draft=draft)
    known = claim.snapshot or {}
    # What is not sent stays as it is in Jira.
    snapshot = known | wanted.snapshot
    return Plan(claim, snapshot, assignment.note, fields=_differing(wanted, known))


def batches(plans: Sequence[Plan]) -> list[list[Plan]]:
    """Split into requests: creates one by one up to 8, else spread over 8 bulks; updates singly."""
    creates = [each for each in plans if each.creates]
    updates = [[each] for each in plans if not each.creates]
    if len(creates) <= SINGLE_CREATES:
        return [[each] for each in creates] + updates
    return [creates[start::BULK_REQUESTS] for start in range(BULK_REQUESTS)] + updates


@dataclass(frozen=True)
class _Wanted:
    fields: dict[str, Any]
    snapshot: dict[str, Any]


def _wanted(claim: Claim, values: Iterable[FieldValue], assignment: Assignment) -> _Wanted:
    """Jira's fields as they should be, and the same as we remember them.

    Whether the assignee is part of it is decided already; the snapshot keeps our own owner beside
    the account, so that an update names the assignee only when that one changed (design.md §4).
    """
    wanted = _Wanted({}, dict(assignment.remembered))
    for value in values:
        if value.field is ASSIGNEE:
            if assignment.sent:
                wanted.fields[ASSIGNEE.id] = reference(assignment.account_id)
        elif claim.issue_id is None or value.field.follows_edits:
            wanted.fields[value.field.id] = value.sent
            wanted.snapshot[value.field.id] = value.remembered
    return wanted


def _draft(claim: Claim, wanted: _Wanted) -> IssueDraft:
    assert claim.target is not None
    fields = {name: value for name, value in wanted.fields.items() if _needed(name, value)}
    fields["project"] = {"id": claim.target.project_id}
    fields["issuetype"] = {"id": claim.target.issue_type_id}
    return IssueDraft(
        fields=fields,
        properties={PROPERTY: {"id": claim.item_public_id, "link": claim.link_public_id}},
    )


def _needed(field_id: str, value: Any) -> bool:
    """A create leaves empty fields out, but for those that Jira would choose a value for."""
    return value is not None or BY_ID[field_id].sent_empty


def _differing(wanted: _Wanted, known: dict[str, Any]) -> dict[str, Any]:
    """The assignee is only there when it is to be said: whether it is, does not depend on it."""
    return {
        field_id: value
        for field_id, value in wanted.fields.items()
        if field_id == ASSIGNEE.id or wanted.snapshot[field_id] != known.get(field_id)
    }
