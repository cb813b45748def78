"""The retrospectives of an organization or a team, with how many action items they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    case,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.models import ActionItem, CarryOver, Organization, Retrospective, Team, UtcDateTime
from app.models.deleted_retrospective import not_deleted
from app.services.retrospectives.item_scopes import scopes

RECENT = 5
PAGE_SIZE = 25
# So many of the action items that changed last are looked at for whose retrospectives changed.
LATEST_CHANGES = 1000


@dataclass(frozen=True)
class RetrospectiveRow:
    """A retrospective, how many of the action items that it lists are open, complete or dropped,
    and its last change. carried: how many of these are counted where they were written, too."""

    retrospective: Retrospective
    open: int
    complete: int
    updated_at: datetime
    dropped: int = 0
    carried: int = 0

    @property
    def counts(self) -> str:
        """ "2 open, 1 complete"."""
        parts = [
            f"{self.open} open" if self.open else "",
            f"{self.complete} complete" if self.complete else "",
            f"{self.dropped} dropped" if self.dropped else "",
        ]
        if self.complete > 1 and not self.open and not self.dropped:
            return f"All {self.complete} complete"
        return ", ".join(filter(None, parts)) or "None yet"


@dataclass(frozen=True)
class RetrospectivePage:
    """Some retrospectives of a team, and the ids of those at which the pages beside it begin."""

    rows: Sequence[RetrospectiveRow]
    older: int | None = None
    newer: int | None = None


def recent(organization: Organization, teams: Sequence[Team]) -> list[RetrospectiveRow]:
    """Five retrospectives of some of the organization's teams, the one that changed last first:
    one of its action items, or by being started."""
    if not teams:
        return []
    candidates = union_all(
        _by_their_items(organization, teams), _by_their_start(organization, teams)
    ).subquery()
    changed_at = func.max(candidates.c.moment).label("changed_at")
    latest = (
        select(candidates.c.id, changed_at)
        .join(Retrospective, Retrospective.id == candidates.c.id)
        .where(not_deleted())
        .group_by(candidates.c.id)
        .order_by(changed_at.desc(), candidates.c.id.desc())
        .limit(RECENT)
        .subquery()
    )
    return _rows(select(latest.c.id))


def page_of(
    team: Team, *, before: Retrospective | None = None, after: Retrospective | None = None
) -> RetrospectivePage:
    """The team's retrospectives, the one that was started last first; or those that were started
    before one of them, or just after it."""
    if after is not None:
        found = _beside(team, after, older=False)
        if len(found) > PAGE_SIZE:
            rows = _rows(select(Retrospective.id).where(Retrospective.id.in_(found[:-1])))
            return RetrospectivePage(_by_start(rows), found[0], found[-2])
        before = None  # The newest page is reached.
    found = _beside(team, before, older=True)
    rows = _rows(select(Retrospective.id).where(Retrospective.id.in_(found[:PAGE_SIZE])))
    older = found[PAGE_SIZE - 1] if len(found) > PAGE_SIZE else None
    return RetrospectivePage(_by_start(rows), older, found[0] if before and found else None)


def _beside(team: Team, one: Retrospective | None, *, older: bool) -> Sequence[int]:
    """The ids of a page and one more, going away from `one`; None: from the newest on."""
    place = tuple_(Retrospective.created_at, Retrospective.id)
    found = select(Retrospective.id).where(Retrospective.team_id == team.id, not_deleted())
    if one is not None:
        other = tuple_(literal(one.created_at, UtcDateTime), literal(one.id))
        found = found.where(place < other if older else place > other)
    order = (Retrospective.created_at, Retrospective.id)
    found = found.order_by(*(each.desc() if older else each for each in order))
    return db.session.scalars(found.limit(PAGE_SIZE + 1)).all()


def _by_start(rows: Sequence[RetrospectiveRow]) -> list[RetrospectiveRow]:
    def start(row: RetrospectiveRow) -> tuple[datetime, int]:
        return row.retrospective.created_at, row.retrospective.id

    return sorted(rows, key=start, reverse=True)


def _by_their_items(organization: Organization, teams: Sequence[Team]) -> Select[Any]:
    parts = [
        select(
            select(ActionItem.retrospective_id.label("id"), ActionItem.updated_at.label("moment"))
            .where(scope)
            .order_by(ActionItem.updated_at.desc())
            .limit(LATEST_CHANGES)
            .subquery()
        )
        for scope in scopes(ActionItem, organization, teams)
    ]
    changes = union_all(*parts).subquery()
    moment = func.max(changes.c.moment).label("moment")
    return select(changes.c.id, moment).group_by(changes.c.id)


def _by_their_start(organization: Organization, teams: Sequence[Team]) -> Select[Any]:
    parts = [
        select(
            select(Retrospective.id, Retrospective.created_at.label("moment"))
            .where(scope, not_deleted())
            .order_by(Retrospective.created_at.desc())
            .limit(RECENT)
            .subquery()
        )
        for scope in scopes(Retrospective, organization, teams)
    ]
    return select(union_all(*parts).subquery())


def _rows(ids: Select[Any]) -> list[RetrospectiveRow]:
    changed_at = func.max(ActionItem.updated_at)
    changes = func.coalesce(changed_at, Retrospective.created_at)
    listed = _listed(ids)
    open_, complete = ActionItem.completed_at.is_(None), ActionItem.completed_at.is_not(None)
    rows = db.session.execute(
        select(
            Retrospective,
            _count(open_),
            _count(complete & ActionItem.dropped_at.is_(None)),
            _count(complete & ActionItem.dropped_at.is_not(None)),
            _count(ActionItem.retrospective_id != Retrospective.id),
            changed_at,
        )
        .outerjoin(listed, listed.c.retrospective_id == Retrospective.id)
        .outerjoin(ActionItem, ActionItem.id == listed.c.action_item_id)
        .where(Retrospective.id.in_(ids))
        .options(selectinload(Retrospective.team))
        .group_by(Retrospective.id)
        .order_by(changes.desc(), Retrospective.id.desc())
    )
    return [
        RetrospectiveRow(row, is_open, is_complete, changed or row.created_at, is_dropped, carried)
        for row, is_open, is_complete, is_dropped, carried, changed in rows
    ]


def _listed(ids: Select[Any]) -> Subquery:
    """Which of the retrospectives list which action items: their own, and what was carried over."""
    own = select(ActionItem.retrospective_id, ActionItem.id.label("action_item_id"))
    carried = select(CarryOver.retrospective_id, CarryOver.action_item_id)
    return union_all(
        own.where(ActionItem.retrospective_id.in_(ids)),
        carried.where(CarryOver.retrospective_id.in_(ids)),
    ).subquery("listed")


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many action items there are (of none, the outer join makes a row without an id)."""
    counted = ActionItem.id.isnot(None) & ActionItem.deleted_at.is_(None) & condition
    return func.sum(case((counted, 1), else_=0))
