"""Indexes by which pages find the few rows that they show, however many are settled.

A partial index is used only by a statement that says its condition in the same words: those that
are below, and `written`, which writes a value into the statement instead of beside it.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Index, Select, bindparam, column, select, table, text
from sqlalchemy.orm import InstrumentedAttribute

from app.models.retrospective import ActionItem, Retrospective
from app.models.sync import IssueLink, LinkState
from app.models.sync_entry import EntryState, Operation, SyncEntry


def written(
    column: InstrumentedAttribute[StrEnum], *values: StrEnum, negated: bool = False
) -> ColumnElement[bool]:
    """Whether `column` is one of `values` (negated: is not the one value)."""
    if len(values) > 1:
        return column.in_(
            bindparam(None, values, column.type, expanding=True, literal_execute=True)
        )
    value = bindparam(None, values[0], column.type, literal_execute=True)
    return column != value if negated else column == value


def unsettled_link(states: Collection[LinkState]) -> tuple[ColumnElement[bool], ...]:
    """Whether an issue link is active and in one of `states`, none of which is SYNCED."""
    return (
        IssueLink.active.is_(True),
        written(IssueLink.state, LinkState.SYNCED, negated=True),
        written(IssueLink.state, *states),
    )


def unsettled_entry() -> ColumnElement[bool]:
    """Whether a sync entry has come to no good end yet."""
    return written(SyncEntry.state, EntryState.SYNCED, negated=True)


def never_linked(organization_id: int) -> Select[int]:
    """Select the ids of an organization's open action items without a link that counts, and of a
    few others: a table that triggers keep (migration 0023), which may hold too many."""
    rows = table("never_linked", column("action_item_id"), column("organization_id"))
    item_id: ColumnElement[int] = rows.c.action_item_id
    return select(item_id).where(rows.c.organization_id == organization_id)


def is_kept_by_triggers(name: str | None) -> bool:
    """Whether it is a table or index that no model has: what finds text, `never_linked` and
    `uncounted`."""
    return bool(name) and _KEPT_BY_TRIGGERS.search(str(name)) is not None


def _index(name: str, *columns: InstrumentedAttribute[Any], where: str = "") -> None:
    FEW_ROWS_INDEXES.append(name)
    if where:
        on_sqlite = text(where.replace("IS true", "IS 1"))
        Index(name, *columns, sqlite_where=on_sqlite, postgresql_where=text(where))
    else:
        Index(name, *columns)


_KEPT_BY_TRIGGERS = re.compile(
    r"_text(_data|_idx|_docsize|_config)?$|_trigrams$|^never_linked$|^uncounted$"
)
# The names of all that are made below.
FEW_ROWS_INDEXES: list[str] = []
SENT = tuple(each for each in Operation if not each.returns)
OPEN = "deleted_at IS NULL AND completed_at IS NULL"
COMPLETE = "deleted_at IS NULL AND completed_at IS NOT NULL"
UNSETTLED = "active IS true AND state != 'synced'"
_SENT = ", ".join(f"'{operation.value}'" for operation in SENT)
SYNCED = f"state = 'synced' AND operation IN ({_SENT})"
ENDED_EDIT = "operation = 'update' AND state IN ('synced', 'error')"

for whose, owner in (("organization", ActionItem.organization_id), ("team", ActionItem.team_id)):
    for kind, which in (("open", OPEN), ("complete", COMPLETE)):
        _index(
            f"ix_action_item_{whose}_{kind}", owner, ActionItem.due_on, ActionItem.id, where=which
        )
    _index(
        f"ix_action_item_{whose}_changed",
        owner,
        ActionItem.updated_at,
        ActionItem.retrospective_id,
    )
_index("ix_action_item_team_written", ActionItem.team_id, ActionItem.created_at)
_index(
    "ix_action_item_assignee_open",
    ActionItem.assignee_id,
    ActionItem.due_on,
    ActionItem.id,
    where=OPEN,
)
_index("ix_retrospective_organization", Retrospective.organization_id, Retrospective.created_at)
_index(
    "ix_retrospective_organization_committed",
    Retrospective.organization_id,
    Retrospective.committed_at,
)
_index("ix_retrospective_team_created", Retrospective.team_id, Retrospective.created_at)

_index("ix_issue_link_unsettled", IssueLink.connection_id, IssueLink.state, where=UNSETTLED)
_index("ix_issue_link_synced_at", IssueLink.connection_id, IssueLink.synced_at)

for whose, owner in (("organization", SyncEntry.organization_id), ("team", SyncEntry.team_id)):
    _index(f"ix_sync_entry_{whose}_updated", owner, SyncEntry.updated_at, SyncEntry.id)
_index(
    "ix_sync_entry_unsettled",
    SyncEntry.organization_id,
    SyncEntry.updated_at,
    SyncEntry.id,
    where="state != 'synced'",
)
for name, tries in (("at_once", "tries = 0"), ("after_retry", "tries > 0")):
    _index(
        f"ix_sync_entry_sent_{name}",
        SyncEntry.organization_id,
        SyncEntry.updated_at,
        where=f"{SYNCED} AND {tries}",
    )
_index(
    "ix_sync_entry_edits",
    SyncEntry.organization_id,
    SyncEntry.updated_at,
    SyncEntry.started_at,
    where=ENDED_EDIT,
)
