"""Who is assigned in Jira, and whether that is said to Jira: pure decisions (design.md §4).

`sendable` are the synced fields on the create screen of the claim's target (`fields/values`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.models import AssigneeNote
from app.services.fields.table import ASSIGNEE
from app.services.outbound.claims import Claim
from app.services.people.matches import REPLACEABLE, UNMATCHED, Match


@dataclass(frozen=True)
class SeenAssignee:
    """Who was assigned in Jira when we looked; nobody: None."""

    account_id: str | None


@dataclass(frozen=True)
class Owner:
    """All that decides about the assignee beside the claim itself.

    match: None for an action item that has no owner.
    substitute: the account that gets the issue of an owner who is not matched; None: nobody.
    seen: the issue's assignee in Jira, where `owes_match` asked for it and the issue was seen.
    """

    match: Match | None = None
    substitute: str | None = None
    seen: SeenAssignee | None = None


@dataclass(frozen=True)
class Assignment:
    """`sent`: whether the assignee is part of what is sent, and then `account_id` is theirs.

    remembered: the assignee's part of the snapshot that success stores.
    note: why the owner is not the assignee, if they are not.
    """

    sent: bool
    account_id: str | None
    remembered: Mapping[str, Any]
    note: AssigneeNote | None


def needs_match(claim: Claim, sendable: frozenset[str]) -> bool:
    """Whether it matters who the owner is in Jira; nobody is looked up without need."""
    if claim.desired.assignee_id is None or not _has_place(claim, sendable):
        return False
    return claim.issue_id is None or claim.assignee_note in UNMATCHED or _owner_changed(claim)


def owes_match(claim: Claim, sendable: frozenset[str], match: Match | None) -> bool:
    """Whether the issue went out before its owner was matched, and is to be looked at now.

    It is assigned only if nobody has changed its assignee in Jira since we wrote it.
    """
    known = claim.snapshot or {}
    return (
        claim.issue_id is not None
        and claim.assignee_note in UNMATCHED
        and match is not None
        and match.account_id is not None
        and _has_place(claim, sendable)
        and "assignee" in known
        and not _owner_changed(claim)
    )


def assign(claim: Claim, sendable: frozenset[str], owner: Owner) -> Assignment:
    """Decide who is assigned: with a create, when the owner changed, or when a match came late."""
    if not _has_place(claim, sendable):
        return _left_out(claim)
    if claim.issue_id is None or _owner_changed(claim):
        return _given(claim, owner)
    if owner.match and owner.seen and owes_match(claim, sendable, owner.match):
        return _caught_up(claim, owner.match, owner.seen)
    return Assignment(False, None, _known(claim), _kept_note(claim, owner.match))


def denied(assignment: Assignment) -> Assignment:
    """The same where the screen has an assignee, and the account may not set it."""
    if assignment.note is not AssigneeNote.NOT_ON_SCREEN:
        return assignment
    return replace(assignment, note=AssigneeNote.NOT_PERMITTED)


def _has_place(claim: Claim, sendable: frozenset[str]) -> bool:
    return ASSIGNEE.id in sendable and claim.assignee_note is not AssigneeNote.NOT_ON_SCREEN


def _owner_changed(claim: Claim) -> bool:
    return claim.desired.assignee_id != (claim.snapshot or {}).get("assignee_id")


def _left_out(claim: Claim) -> Assignment:
    """Jira has no place for an assignee; whatever it says of one stays."""
    note = AssigneeNote.NOT_ON_SCREEN if claim.desired.assignee_id else None
    if claim.issue_id is None:
        return Assignment(False, None, {"assignee_id": claim.desired.assignee_id}, note)
    # Without a project for the team nothing is known of the screen.
    concerns = claim.target is not None and _owner_changed(claim)
    return Assignment(False, None, _known(claim), note if concerns else claim.assignee_note)


def _given(claim: Claim, owner: Owner) -> Assignment:
    chosen = _choice(claim.assignee_note, owner)
    remembered = {"assignee": chosen.account_id, "assignee_id": claim.desired.assignee_id}
    return Assignment(True, chosen.account_id, remembered, chosen.note)


@dataclass(frozen=True)
class _Choice:
    """Who gets the issue, if anybody, and why it is not the owner, if it is not."""

    account_id: str | None = None
    note: AssigneeNote | None = None


def _choice(refused: AssigneeNote | None, owner: Owner) -> _Choice:
    """`refused`: what Jira has just said of the last one, if it did."""
    match = owner.match
    if match is None:
        return _Choice()
    if match.account_id is not None:
        if refused is AssigneeNote.NOT_ASSIGNABLE:
            return _Choice(note=refused)
        return _Choice(match.account_id)
    if refused is AssigneeNote.SUBSTITUTE_REFUSED:
        return _Choice(note=refused)
    # Jira may know the owner well: nobody else gets the issue because it did not answer.
    return _Choice(owner.substitute if match.asked else None, match.reason)


def _caught_up(claim: Claim, match: Match, seen: SeenAssignee) -> Assignment:
    known = _known(claim)
    if seen.account_id == known["assignee"]:
        remembered = known | {"assignee": match.account_id}
        return Assignment(True, match.account_id, remembered, None)
    if seen.account_id == match.account_id:
        known["assignee"] = match.account_id
    return Assignment(False, None, known, None)


def _kept_note(claim: Claim, match: Match | None) -> AssigneeNote | None:
    """Nothing is said to Jira: the note stands, except that a look-up may give another reason."""
    if claim.desired.assignee_id is None:
        return None
    note = claim.assignee_note
    if match is None or match.account_id or not match.asked or note not in REPLACEABLE:
        return note
    return match.reason


def _known(claim: Claim) -> dict[str, Any]:
    known = claim.snapshot or {}
    return {name: known[name] for name in ("assignee", "assignee_id") if name in known}
