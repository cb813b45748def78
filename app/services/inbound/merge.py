"""Which fields that were changed in Jira become the action item's: a pure three-way decision.

Jira's value, ours, and the snapshot of what Jira was last known to hold: only a field that
changed in Jira and not here is taken over. Changed on both sides, ours wins. What equals the
snapshot is old news or the echo of our own write.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.jira.adf import Backlink
from app.jira.types import Issue
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import ASSIGNEE, READ_BACK
from app.services.fields.values import FieldValue
from app.services.outbound.snapshots import changed_here, seen_in


@dataclass(frozen=True)
class Ours:
    """The action item. `unmatched`: the issue's assignee stands in for somebody Jira lacks.

    sources: what a person wrote, by Jira's field ids (`fields/sources`).
    """

    sources: Mapping[str, Any]
    backlink: Backlink
    unmatched: bool = False


@dataclass
class Merged:
    """What becomes of each field, by Jira's names of fields.

    values: what the action item gets, by attribute
    snapshot: what of the snapshot is now other, so that nothing is sent back
    sources, seen: the same as a snapshot keeps it of each field by itself
    taken, kept, left: fields taken over; changed on both sides; of no meaning here
    """

    values: dict[str, Any] = field(default_factory=dict)
    snapshot: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def agree(self, field: SyncedField, source: Any, issue: Issue) -> None:
        """Both sides hold the same now: what it is here, and what is seen of it there."""
        self.sources[field.id] = source
        self.seen[field.id] = seen_in(field, issue)

    def take(self, name: str, values: dict[str, Any], snapshot: dict[str, Any]) -> None:
        """Take a field over."""
        self.taken.append(name)
        self.values |= values
        self.snapshot |= snapshot


def merge(
    switched_on: Container[str],
    snapshot: Mapping[str, Any] | None,
    ours: Ours,
    issue: Issue,
    members: Mapping[str, int],
) -> Merged:
    """Decide for each field that is switched on and that both sides hold.

    switched_on: the ids of the fields that the organization lets follow Jira.
    snapshot: None where nothing was ever sent; then nothing can be told apart.
    members: by Jira account, the one member whom the item may be given to.
    """
    merged = Merged()
    for each in READ_BACK:
        if snapshot is None or each.id not in switched_on or not _held(each, snapshot, issue):
            continue
        if each is ASSIGNEE:
            _assignee(merged, snapshot, ours, issue, members)
        else:
            _value(merged, each, snapshot, ours, issue)
    return merged


def _held(field: SyncedField, snapshot: Mapping[str, Any], issue: Issue) -> bool:
    """Whether the field was on the screen when we wrote, and is in what was read now."""
    return field.id in snapshot and field.id in issue.fields


def _value(
    merged: Merged, field: SyncedField, snapshot: Mapping[str, Any], ours: Ours, issue: Issue
) -> None:
    """All three in the form that the snapshot keeps; so what is written back is the same."""
    assert field.read is not None
    theirs, known = field.read(issue), snapshot[field.id]
    source = ours.sources[field.id]
    mine = field.remember(field.render(source, ours.backlink))
    if theirs in {known, mine} or (theirs is None and field.always_filled):
        return
    if changed_here(FieldValue(field, field.stored(source), remembered=mine), snapshot):
        merged.kept.append(field.id)
    else:
        accepted = field.accept(theirs)
        merged.take(field.id, {field.attribute: accepted}, {field.id: theirs})
        merged.agree(field, field.stored(accepted), issue)


def _assignee(
    merged: Merged,
    snapshot: Mapping[str, Any],
    ours: Ours,
    issue: Issue,
    members: Mapping[str, int],
) -> None:
    """Ours is a member, Jira's an account; the snapshot has both as they were."""
    theirs, owner = issue.assignee_id, ours.sources[ASSIGNEE.id]
    if theirs == snapshot["assignee"] or (theirs is None and ours.unmatched):
        return
    member = members.get(theirs) if theirs else None
    same = member == owner and (theirs is None) == (member is None)
    if owner != snapshot.get("assignee_id"):
        if not same:
            merged.kept.append("assignee")
    elif theirs is not None and member is None:
        merged.left.append("assignee")
    else:
        known = {"assignee": theirs, "assignee_id": member}
        merged.take("assignee", {"assignee_id": member}, known)
        merged.agree(ASSIGNEE, member, issue)
        if same:  # the issue went to whom the item had all along
            merged.taken.remove("assignee")
