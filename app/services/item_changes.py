"""The record of what is changed of action items, here and from Jira."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from app.extensions import db
from app.models import ActionItem, ItemChange, ItemChangeKind, User

_KINDS = {
    "title": ItemChangeKind.TITLE,
    "description": ItemChangeKind.DESCRIPTION,
    "assignee_id": ItemChangeKind.ASSIGNEE,
    "due_on": ItemChangeKind.DUE,
}


_OPENING = (ItemChangeKind.REOPENED, ItemChangeKind.TAKEN_UP)


def opened_at(item_ids: Collection[int]) -> dict[int, datetime]:
    """When a person last opened each of these again, by its id (aware UTC); without the others."""
    if not item_ids:
        return {}
    found = db.session.execute(
        select(ItemChange.action_item_id, func.max(ItemChange.changed_at))
        .where(ItemChange.action_item_id.in_(item_ids), ItemChange.kind.in_(_OPENING))
        .group_by(ItemChange.action_item_id)
    )
    return {row[0]: row[1] for row in found}


def opened_since(moment: datetime) -> ColumnElement[bool]:
    """Whether an action item was opened again at that moment or later (aware UTC)."""
    return exists().where(
        ItemChange.action_item_id == ActionItem.id,
        ItemChange.kind.in_(_OPENING),
        ItemChange.changed_at >= moment,
    )


def record_values(
    item: ActionItem, was: Mapping[str, Any], by: User | None, *, from_jira: bool = False
) -> None:
    """Note that attributes of `item` were `was` before. by: nobody where it came from Jira, or was
    the operator's command line."""
    for name, before in was.items():
        words = (_word(name, before), _word(name, getattr(item, name)))
        _add(item, _KINDS[name], by, words, from_jira=from_jira)


def record(item: ActionItem, kind: ItemChangeKind, by: User, why: str | None = None) -> None:
    """Note that `by` completed, reopened, dropped or took up `item`. What Jira does is in the Sync
    Log. why: what they said of it."""
    _add(item, kind, by, (None, why))


def _add(
    item: ActionItem,
    kind: ItemChangeKind,
    by: User | None,
    words: tuple[str | None, str | None],
    *,
    from_jira: bool = False,
) -> None:
    db.session.add(
        ItemChange(
            action_item_id=item.id,
            kind=kind,
            user_id=by.id if by else None,
            from_jira=from_jira,
            before=words[0],
            after=words[1],
        )
    )


def _word(name: str, value: Any) -> str | None:
    """A text of many pages is not kept twice over at each edit."""
    return None if value is None or name == "description" else str(value)
