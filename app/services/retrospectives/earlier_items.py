"""What a team has committed in other retrospectives, as its next one opens with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import ActionItem, CarryOver, Retrospective
from app.services.retrospectives.carrying import COMMITTED, MOST_OPEN, committed_elsewhere

MOST_CLOSED = 50


@dataclass(frozen=True)
class EarlierItems:
    """open: what is open still. closed: what was completed or dropped since the team's last Commit.
    carried: the ids of those that the retrospective lists, too. more: some open ones are left out.
    """

    open: Sequence[ActionItem] = ()
    closed: Sequence[ActionItem] = ()
    carried: frozenset[int] = frozenset()
    more: bool = False

    @property
    def all(self) -> list[ActionItem]:
        return [*self.open, *self.closed]


def earlier_items(retrospective: Retrospective) -> EarlierItems:
    """Of the retrospective's team, from its other retrospectives at Commit or beyond.

    Of more open ones than are shown, those that are due soonest.
    """
    found = _people(open_ones(retrospective)).limit(MOST_OPEN + 1)
    items = list(db.session.scalars(found.order_by(*_SOONEST)))
    since = db.session.scalar(last_commit_of(retrospective))
    closed = _people(closed_ones(retrospective, since)).limit(MOST_CLOSED) if since else None
    carried = select(CarryOver.action_item_id).where(CarryOver.retrospective_id == retrospective.id)
    return EarlierItems(
        items[:MOST_OPEN],
        list(db.session.scalars(closed.order_by(*_LATEST))) if closed is not None else [],
        frozenset(db.session.scalars(carried)) if items or since else frozenset(),
        more=len(items) > MOST_OPEN,
    )


def open_ones(retrospective: Retrospective) -> Select[ActionItem]:
    """Select those that are open still."""
    return select(ActionItem).where(*_of_before(retrospective), ActionItem.completed_at.is_(None))


def count_left_open(retrospective: Retrospective) -> int:
    """How many of them the retrospective does not list, too: nobody has decided on them."""
    here = select(CarryOver.action_item_id).where(CarryOver.retrospective_id == retrospective.id)
    left = open_ones(retrospective).where(ActionItem.id.not_in(here)).subquery()
    return db.session.scalar(select(func.count()).select_from(left)) or 0


def closed_ones(retrospective: Retrospective, since: Any) -> Select[ActionItem]:
    """Select those that were completed or dropped at `since` (aware UTC, or what selects it) or
    later."""
    return select(ActionItem).where(
        *_of_before(retrospective),
        ActionItem.completed_at >= since,
        ActionItem.updated_at >= since,  # what an index is in the order of
    )


def last_commit_of(retrospective: Retrospective) -> Select[datetime | None]:
    """Select when another retrospective of the team entered Commit last; None before the first."""
    return select(func.max(Retrospective.committed_at)).where(
        Retrospective.team_id == retrospective.team_id,
        Retrospective.id != retrospective.id,
        Retrospective.phase.in_(COMMITTED),
    )


def _of_before(retrospective: Retrospective) -> tuple[ColumnElement[bool], ...]:
    return (
        ActionItem.team_id == retrospective.team_id,
        ActionItem.retrospective_id != retrospective.id,
        ActionItem.deleted_at.is_(None),
        committed_elsewhere(retrospective),
    )


def _people(items: Select[ActionItem]) -> Select[ActionItem]:
    return items.options(
        joinedload(ActionItem.assignee),
        joinedload(ActionItem.completed_by),
        joinedload(ActionItem.dropped_by),
        joinedload(ActionItem.retrospective),
    )


_SOONEST = (ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
_LATEST = (ActionItem.completed_at.desc(), ActionItem.id)
