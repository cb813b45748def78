"""Which open action items the digest and the reminders tell somebody of. Reads only."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import contains_eager, selectinload

from app.extensions import db
from app.models import ActionItem, IssueLink, Retrospective, Team, User
from app.services.organizations import permissions


def of(user: User, due_on: Iterable[date] | None = None) -> list[ActionItem]:
    """The person's, of committed retrospectives of teams that they may read now, the one that was
    or is due first in front, those without a day last. `due_on`: only of these days."""
    found = _open().where(ActionItem.assignee_id == user.id)
    if due_on is not None:
        found = found.where(ActionItem.due_on.in_(list(due_on)))
    items = db.session.scalars(
        found.order_by(ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id).options(
            contains_eager(ActionItem.retrospective)
            .contains_eager(Retrospective.team)
            .options(selectinload(Team.organization), selectinload(Team.team_members))
        )
    )
    return [item for item in items if permissions.may_read(user, item.retrospective.team)]


def owners_among(user_ids: Iterable[int]) -> set[int]:
    """Who of them has any."""
    found = _open().where(ActionItem.assignee_id.in_(list(user_ids)))
    return set(db.session.scalars(found.with_only_columns(ActionItem.assignee_id).distinct()))


def days_of(user_ids: Iterable[int], first: date, last: date) -> set[tuple[int, date]]:
    """Who of them has one that is due on which day, from `first` to `last`."""
    found = _open().where(
        ActionItem.assignee_id.in_(list(user_ids)), ActionItem.due_on.between(first, last)
    )
    rows = found.with_only_columns(ActionItem.assignee_id, ActionItem.due_on).distinct()
    return {(row[0], row[1]) for row in db.session.execute(rows) if row[0] and row[1]}


def issues_of(items: Iterable[ActionItem]) -> dict[int, Row[tuple[int, str, str | None]]]:
    """The key and the status of the issue of each that has one, by the item's id."""
    found = select(IssueLink.action_item_id, IssueLink.issue_key, IssueLink.status_name).where(
        IssueLink.action_item_id.in_([item.id for item in items]),
        IssueLink.active,
        IssueLink.issue_key.is_not(None),
    )
    return {row.action_item_id: row for row in db.session.execute(found)}  # type: ignore[misc]


def _open() -> Select[Any]:
    """An archived team's past is kept, and nobody is reminded of it.

    What was written in a retrospective that was deleted is open where another one goes on with it.
    """
    return (
        select(ActionItem)
        .join(ActionItem.retrospective)
        .join(Retrospective.team)
        .where(
            ActionItem.completed_at.is_(None),
            ActionItem.deleted_at.is_(None),
            Retrospective.committed_at.is_not(None),
            Team.archived_at.is_(None),
        )
    )
