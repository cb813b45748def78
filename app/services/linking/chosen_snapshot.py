"""What a link remembers of an issue that a person chose, and what differs. Pure.

What stands here and what stands there is how both sides agreed: nothing counts as changed on
either, so nothing is sent by itself and nothing taken over. A text that somebody wrote in Jira is
not agreed on: the first edit of ours asks before it replaces it (design.md §11.1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.jira import adf
from app.jira.issue_values import assignee_name_in
from app.jira.types import Issue
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import ASSIGNEE
from app.services.fields.values import FieldValue
from app.services.outbound import snapshots
from app.services.outbound.snapshots import Snapshot, seen_in

LONGEST_TEXT = 32_767
# As a source it is nobody's: what is written here is another one.
_NOT_OURS = {"stands": "in-jira"}
_NOBODY = 0  # no member's id


@dataclass(frozen=True)
class Theirs:
    """What stands in Jira in a field that differs. seen: names it, as a snapshot does."""

    text: str
    seen: Any

    def dump(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def first_snapshot(
    sources: Mapping[str, Any], values: Iterable[FieldValue], issue: Issue
) -> dict[str, Any]:
    """The snapshot. sources: as stored, what stood here when the issue was chosen, by Jira's ids.

    issue: as just read, with every synced field. What was edited here since counts as changed.
    """
    snapshot: dict[str, Any] = {}
    for value in values:
        each = value.field
        snapshot = snapshots.with_sources(snapshot, {each.id: sources[each.id]})
        if each is ASSIGNEE:
            snapshot[f"{each.id}_id"] = sources[each.id]
        if each.read is not None and each.id in issue.fields:
            snapshot[each.id] = each.read(issue)
        if each.id in issue.fields and (not each.guarded or _agrees(value, issue)):
            snapshot = snapshots.with_seen(snapshot, {each.id: seen_in(each, issue)})
    return snapshot


def differences(
    sources: Mapping[str, Any], values: Iterable[FieldValue], issue: Issue, account_id: str | None
) -> dict[str, Theirs]:
    """What stands in Jira in fields that hold something else than here, by Jira's ids.

    account_id: whom the owner is matched with. What was edited since the choice goes out anyway.
    """
    return {
        value.field.id: Theirs(_words(value.field, issue), seen_in(value.field, issue))
        for value in values
        if value.field.id in issue.fields
        and sources[value.field.id] == value.source
        and not _same(value, issue, account_id)
    }


def as_changed_here(snapshot: Snapshot | None, field_ids: Iterable[str]) -> dict[str, Any]:
    """The snapshot by which these fields go out, whatever they hold."""
    ids = list(field_ids)
    changed = snapshots.with_sources(snapshot, dict.fromkeys(ids, _NOT_OURS))
    return changed | ({f"{ASSIGNEE.id}_id": _NOBODY} if ASSIGNEE.id in ids else {})


def _same(value: FieldValue, issue: Issue, account_id: str | None) -> bool:
    if value.field is ASSIGNEE:
        return bool(issue.assignee_id == account_id and (account_id or not value.source))
    return _agrees(value, issue)


def _agrees(value: FieldValue, issue: Issue) -> bool:
    """Whether one reads the same on both sides; the link back to Unpack is no difference."""
    if seen_in(value.field, issue) == value.seen:
        return True
    if not value.field.guarded:
        return False
    own = value.field.seen_as(adf.document(value.source))
    return own == seen_in(value.field, issue) or not (value.source or _words(value.field, issue))


def _words(field: SyncedField, issue: Issue) -> str:
    if field is ASSIGNEE:
        return assignee_name_in(issue)
    if field.guarded:
        return adf.words(issue.fields.get(field.id))[:LONGEST_TEXT]
    return str(seen_in(field, issue) or "")
