"""What changes of an action item say. Pure: rows in, lines out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date

from app.models import (
    ActionItem,
    CarryOver,
    CompletedIn,
    ItemChange,
    ItemChangeKind,
    Retrospective,
)
from app.services.activity.activity_lines import ActivityLine

Names = Mapping[int, str]
_NOBODY = "Somebody"


def line_of(change: ItemChange, names: Names) -> ActivityLine:
    """One recorded change. names: of people, by id."""
    return _WORDS[change.kind](change, names)


def written(item: ActionItem, gone: Collection[int] = ()) -> ActivityLine:
    """That somebody wrote the item. gone: the ids of retrospectives that were deleted."""
    return ActivityLine(
        item.created_at,
        "plus",
        "wrote it in",
        who=item.created_by.name if item.created_by else _NOBODY,
        retrospective=_named(item.retrospective, gone),
    )


def committed(item: ActionItem, gone: Collection[int] = ()) -> ActivityLine | None:
    """That its retrospective entered Commit while the item was there."""
    at = item.retrospective.committed_at
    if at is None or at < item.created_at:
        return None
    retrospective = _named(item.retrospective, gone)
    return ActivityLine(at, "checklist", "Committed with", retrospective=retrospective)


def carried(carry_over: CarryOver, gone: Collection[int] = ()) -> ActivityLine:
    """That somebody went on with it in a later retrospective."""
    return ActivityLine(
        carry_over.carried_at,
        "corner-down-right",
        "carried it over to",
        who=carry_over.carried_by.name if carry_over.carried_by else _NOBODY,
        retrospective=_named(carry_over.retrospective, gone),
    )


def completed_before(item: ActionItem) -> ActivityLine | None:
    """That it was completed here, of an item whose changes were not recorded yet."""
    here = item.completed_in is CompletedIn.UNPACK and not item.dropped
    if item.completed_at is None or not here:
        return None
    who = item.completed_by.name if item.completed_by else _NOBODY
    return ActivityLine(item.completed_at, "circle-check", "completed it", who=who)


def _title(change: ItemChange, _: Names) -> ActivityLine:
    return _line(change, "pencil", "changed the title", before=change.before, after=change.after)


def _description(change: ItemChange, _: Names) -> ActivityLine:
    return _line(change, "pencil", "changed the description")


def _assignee(change: ItemChange, names: Names) -> ActivityLine:
    before, after = (_name(value, names) for value in (change.before, change.after))
    if before is None:
        return _line(change, "user-check", "assigned it to", after=after)
    if after is None:
        return _line(change, "user-off", "took it from", after=before)
    return _line(change, "user-check", "assigned it anew", before=before, after=after)


def _due(change: ItemChange, _: Names) -> ActivityLine:
    before, after = (_day(value) for value in (change.before, change.after))
    if before is None:
        return _line(change, "calendar", "set the due date to", day_after=after)
    if after is None:
        return _line(change, "calendar", "removed the due date", day_after=before)
    return _line(change, "calendar", "changed the due date", day_before=before, day_after=after)


def _completed(change: ItemChange, _: Names) -> ActivityLine:
    return _line(change, "circle-check", "completed it")


def _reopened(change: ItemChange, _: Names) -> ActivityLine:
    return _line(change, "rotate-clockwise", "opened it again")


def _dropped(change: ItemChange, _: Names) -> ActivityLine:
    note = f": “{change.after}”" if change.after else ""
    return replace(_line(change, "circle-x", "dropped it"), note=note)


def _taken_up(change: ItemChange, _: Names) -> ActivityLine:
    return _line(change, "rotate-clockwise", "took it up again")


_WORDS: Mapping[ItemChangeKind, Callable[[ItemChange, Names], ActivityLine]] = {
    ItemChangeKind.TITLE: _title,
    ItemChangeKind.DESCRIPTION: _description,
    ItemChangeKind.ASSIGNEE: _assignee,
    ItemChangeKind.DUE: _due,
    ItemChangeKind.COMPLETED: _completed,
    ItemChangeKind.REOPENED: _reopened,
    ItemChangeKind.DROPPED: _dropped,
    ItemChangeKind.TAKEN_UP: _taken_up,
}


def _line(
    change: ItemChange,
    icon: str,
    words: str,
    *,
    before: str | None = None,
    after: str | None = None,
    day_before: date | None = None,
    day_after: date | None = None,
) -> ActivityLine:
    """In Jira it was somebody whose name Jira does not tell with the issue."""
    who = change.user.name if change.user else _NOBODY
    return ActivityLine(
        change.changed_at,
        "brand-jira" if change.from_jira else icon,
        f"in Jira {words}" if change.from_jira else words,
        who=who,
        before=before,
        after=after,
        day_before=day_before,
        day_after=day_after,
        in_jira=change.from_jira,
    )


def _named(retrospective: Retrospective, gone: Collection[int]) -> tuple[int | None, str]:
    """What was deleted has a title, and no page."""
    return None if retrospective.id in gone else retrospective.id, retrospective.title


def _name(value: str | None, names: Names) -> str | None:
    return None if value is None else names.get(int(value), "somebody who is not here any more")


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
