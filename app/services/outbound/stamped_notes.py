"""Which fields a create leaves without, as its stamp keeps it until the outcome is known.

They stand within the stamped snapshot, so that none is of another create than the rest of it
(design.md §3.1). The snapshot of an issue never has them.
"""

from collections.abc import Collection, Mapping
from typing import Any

from app.models import IssueLink
from app.models.field_note import Note, keep_notes
from app.services.fields.table import BY_ID

NOTES = "notes"


def with_notes(snapshot: Mapping[str, Any], notes: Mapping[str, Note]) -> dict[str, Any]:
    """The snapshot to stamp."""
    kept = {name: each.dump() for name, each in notes.items()}
    return {**snapshot, NOTES: kept} if kept else dict(snapshot)


def adopt(link: IssueLink) -> None:
    """What was stamped is what the issue is known to hold, and to lack."""
    link.snapshot, notes = _apart(link)
    keep_notes(link, notes)


def ask_again(link: IssueLink, names: Collection[str] = tuple(BY_ID)) -> None:
    """Once the issue is found, these synced fields are tried again that it was created without."""
    if link.stamped:
        snapshot, notes = _apart(link)
        if notes.keys() & names:
            left = {name: each for name, each in notes.items() if name not in names}
            link.stamped_snapshot = with_notes(snapshot or {}, left)


def _apart(link: IssueLink) -> tuple[dict[str, Any] | None, dict[str, Note]]:
    if link.stamped_snapshot is None:
        return None, {}
    snapshot = dict(link.stamped_snapshot)
    notes = snapshot.pop(NOTES, {})
    return snapshot, {name: Note.load(each) for name, each in notes.items()}
