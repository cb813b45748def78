"""Which of several failures have one cause, so that what helps is said once for all. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from app.services.panel.item_messages import Message


class WithMessage(Protocol):
    """Whatever has a message: a row of the panel, a line of the Sync Log."""

    @property
    def message(self) -> Message | None: ...


T = TypeVar("T", bound=WithMessage)


@dataclass(frozen=True)
class Group(Generic[T]):
    """Two or more that fail for the same cause. `message` quotes Jira only if it said one thing."""

    message: Message
    rows: tuple[T, ...]

    @property
    def id(self) -> str:
        """For an element: the same as long as the cause is."""
        return f"cause-{hashlib.sha256(self.message.cause.encode()).hexdigest()[:12]}"


def groups_of(rows: Sequence[T]) -> list[Group[T]]:
    """Those of one cause together, wherever they stand, in the order of the first of each."""
    by_cause: dict[str, list[T]] = {}
    for row in rows:
        if cause := cause_of(row):
            by_cause.setdefault(cause, []).append(row)
    return [_group(each) for each in by_cause.values() if len(each) > 1]


def bundled(rows: Sequence[T], *, anywhere: bool) -> list[T | Group[T]]:
    """The rows in their order, those of one cause as a group in the place of the first.

    anywhere: also those that others stand between; otherwise only neighbours.
    """
    runs = [list(rows)] if anywhere else _neighbours(rows)
    parts: list[T | Group[T]] = []
    for run in runs:
        groups = {group.message.cause: group for group in groups_of(run)}
        for row in run:
            group = groups.get(cause_of(row))
            if group is None:
                parts.append(row)
            elif group.rows[0] is row:
                parts.append(group)
    return parts


def cause_of(row: WithMessage) -> str:
    """What names the cause; empty where it is the row's own, or where nothing failed."""
    return row.message.cause if row.message else ""


def _neighbours(rows: Iterable[T]) -> list[list[T]]:
    runs: list[list[T]] = []
    for row in rows:
        if runs and cause_of(row) and cause_of(runs[-1][-1]) == cause_of(row):
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _group(rows: Sequence[T]) -> Group[T]:
    messages = [row.message for row in rows if row.message]
    same = len({each.quote for each in messages}) == 1
    return Group(messages[0] if same else replace(messages[0], quote=""), tuple(rows))
