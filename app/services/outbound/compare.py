"""What an update sends: three-way for each field, the item, the snapshot and Jira. Pure.

Only what a person changed here goes out. What somebody wrote in Jira in a guarded field is never
replaced by it, unless a person said so of just that text (design.md §11.1).
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.jira import adf
from app.jira.people import reference
from app.jira.types import Issue
from app.models.difference import Difference
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import ASSIGNEE
from app.services.fields.values import FieldValue
from app.services.outbound import snapshots
from app.services.outbound.assignee import Assignment
from app.services.outbound.claims import Claim
from app.services.outbound.snapshots import seen_in

LONGEST_TEXT = 32_767


@dataclass
class Compared:
    """What is sent, by Jira's ids of fields, and what is known once it was.

    snapshot: what success stores.
    differences: what waits for a person's decision. replaced: what ours goes over in Jira.
    left_out: what was changed and is on no screen of the issue. withheld: what was changed and is
    not sent, because the issue could not be read.
    """

    snapshot: dict[str, Any]
    fields: dict[str, Any] = field(default_factory=dict)
    differences: dict[str, Difference] = field(default_factory=dict)
    replaced: dict[str, Any] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)


def wants_a_look(claim: Claim, values: Iterable[FieldValue]) -> bool:
    """Whether the issue is to be read before it is decided what an update sends."""
    if any(difference.replace for difference in claim.differences.values()):
        return True
    return any_changed_here(claim, values)


def any_changed_here(claim: Claim, values: Iterable[FieldValue]) -> bool:
    """Whether a person wrote something else here since Jira was given it."""
    return any(_follows(each) and snapshots.changed_here(each, claim.snapshot) for each in values)


def compare(
    claim: Claim,
    values: Iterable[FieldValue],
    sendable: Container[str],
    assignment: Assignment,
    issue: Issue | None,
) -> Compared:
    """Decide on an update. `issue`: as just read; None where Jira could not be asked."""
    compared = Compared(dict(claim.snapshot or {}))
    for value in values:
        if value.field is ASSIGNEE:
            _assignee(compared, assignment, claim, issue)
        elif not _follows(value):
            continue
        elif not snapshots.changed_here(value, claim.snapshot):
            _settled(compared, value)
        elif value.field.id not in sendable:
            compared.left_out.append(value.field.id)
        else:
            _changed(compared, value, claim, issue)
    return compared


def _follows(value: FieldValue) -> bool:
    return value.field.follows_edits


def _settled(compared: Compared, value: FieldValue) -> None:
    """Nobody changed it here; a row of version 1.0 learns what it was made from."""
    if value.field.id in compared.snapshot:
        sources = {value.field.id: value.source}
        compared.snapshot = snapshots.with_sources(compared.snapshot, sources)


def _changed(compared: Compared, value: FieldValue, claim: Claim, issue: Issue | None) -> None:
    each = value.field
    read = issue is not None and each.id in issue.fields
    if not read and (each.guarded or (issue is None and _was_left_out(each, claim))):
        _withheld(compared, each, claim)
    elif issue is None or not read:
        _send(compared, value)
    elif seen_in(each, issue) == value.seen:
        _agreed(compared, value, issue)
    elif snapshots.is_as_we_left_it(each, claim.snapshot, issue):
        _send(compared, value)
    elif each.guarded and not _may_be_replaced(each, claim, issue):
        compared.differences[each.id] = _difference(each, issue, claim.differences)
    elif not each.guarded and _was_left_out(each, claim):
        _left_to_jira(compared, value, issue)
    else:
        if (theirs := seen_in(each, issue)) is not None:
            compared.replaced[each.id] = _words(each, issue) if each.guarded else theirs
        _send(compared, value)


def _withheld(compared: Compared, field: SyncedField, claim: Claim) -> None:
    """What waits for a person's decision waits on."""
    waiting = claim.differences.get(field.id)
    if waiting is not None:
        compared.differences[field.id] = waiting
    if waiting is None or waiting.replace:
        compared.withheld.append(field.id)


def _send(compared: Compared, value: FieldValue) -> None:
    compared.fields[value.field.id] = value.sent
    _remember(compared, value)


def _agreed(compared: Compared, value: FieldValue, issue: Issue) -> None:
    """Both sides have come to the same: nothing is sent."""
    _remember(compared, value)
    seen = {value.field.id: seen_in(value.field, issue)}
    compared.snapshot = snapshots.with_seen(compared.snapshot, seen)


def _left_to_jira(compared: Compared, value: FieldValue, issue: Issue) -> None:
    """Somebody has seen to it there, while it could not be set from here."""
    name = value.field.id
    snapshot = snapshots.with_sources(compared.snapshot, {name: value.source})
    compared.snapshot = snapshots.with_seen(snapshot, {name: seen_in(value.field, issue)})


def _was_left_out(field: SyncedField, claim: Claim) -> bool:
    """Whether Jira never had it from here, and nobody has edited it or asked for it since."""
    return field.id in claim.notes


def _remember(compared: Compared, value: FieldValue) -> None:
    name = value.field.id
    snapshot = {**compared.snapshot, name: value.remembered}
    snapshot = snapshots.with_sources(snapshot, {name: value.source})
    compared.snapshot = snapshots.with_sent(snapshot, {name: value.seen})


def _may_be_replaced(field: SyncedField, claim: Claim, issue: Issue) -> bool:
    allowed = claim.differences.get(field.id)
    return allowed is not None and allowed.replace and allowed.seen == seen_in(field, issue)


def _difference(field: SyncedField, issue: Issue, known: Mapping[str, Difference]) -> Difference:
    seen = seen_in(field, issue)
    before = known.get(field.id)
    if before is not None and before.seen == seen:
        return before
    return Difference(seen=seen, text=_words(field, issue))


def _words(field: SyncedField, issue: Issue) -> str:
    return adf.words(issue.fields.get(field.id))[:LONGEST_TEXT]


def _assignee(
    compared: Compared, assignment: Assignment, claim: Claim, issue: Issue | None
) -> None:
    """Whether the assignee is said is decided already (`outbound/assignee`)."""
    compared.snapshot |= assignment.remembered
    name = ASSIGNEE.id
    source = {name: compared.snapshot[f"{name}_id"]} if f"{name}_id" in compared.snapshot else {}
    compared.snapshot = snapshots.with_sources(compared.snapshot, source)
    if not assignment.sent:
        return
    sent = {name: assignment.account_id}
    compared.snapshot = snapshots.with_sent(compared.snapshot, sent)
    if issue is not None and name in issue.fields:
        if issue.assignee_id == assignment.account_id:
            compared.snapshot = snapshots.with_seen(compared.snapshot, sent)
            return
        known = name in (claim.snapshot or {})
        if known and not snapshots.is_as_we_left_it(ASSIGNEE, claim.snapshot, issue):
            compared.replaced[name] = issue.assignee_id
    compared.fields[name] = reference(assignment.account_id)
