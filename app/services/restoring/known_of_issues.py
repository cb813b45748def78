"""What a link remembers of an issue that a restored database had forgotten. Pure.

Nothing that came later in Jira is overwritten: what the database says is the older word.
"""

from collections.abc import Iterable
from typing import Any

from app.jira.types import Issue
from app.services.fields.table import ASSIGNEE
from app.services.fields.values import FieldValue
from app.services.outbound import snapshots
from app.services.outbound.snapshots import Snapshot, seen_in


def as_if_sent(values: Iterable[FieldValue], account_id: str | None) -> dict[str, Any]:
    """The snapshot as though Jira had been sent what stands here now.

    So nothing counts as changed here, and nothing is sent by itself. Where the issue holds
    something else, it was changed in Jira, and the next edit here finds that. account_id: of the
    owner, where they are matched.
    """
    snapshot: dict[str, Any] = {}
    for value in values:
        sent = {value.field.id: value.seen}
        if value.field is ASSIGNEE:
            snapshot |= {ASSIGNEE.id: account_id, f"{ASSIGNEE.id}_id": value.source}
            sent = {ASSIGNEE.id: account_id}
        else:
            snapshot[value.field.id] = value.remembered
        snapshot = snapshots.with_sources(snapshot, {value.field.id: value.source})
        snapshot = snapshots.with_sent(snapshot, sent)
    return snapshot


def left_to_jira(
    snapshot: Snapshot | None, values: Iterable[FieldValue], issue: Issue
) -> dict[str, Any]:
    """The snapshot by which an edit that was waiting when the backup was made goes out.

    Only where the issue is as it was known then. Elsewhere the same edit has perhaps arrived and
    was edited since, so Jira keeps what it has; of a guarded field a person decides, as ever.
    """
    left = dict(snapshot or {})
    for value in values:
        field = value.field
        if field.guarded or field.id not in issue.fields:
            continue
        agreed = field is not ASSIGNEE and seen_in(field, issue) == value.seen
        if (
            snapshots.changed_here(value, snapshot)
            and not agreed
            and not snapshots.is_as_we_left_it(field, snapshot, issue)
        ):
            left = snapshots.with_sources(left, {field.id: value.source})
            if field is ASSIGNEE:
                left[f"{field.id}_id"] = value.source
    return left
