"""Renaming and deleting a retrospective."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models import ActionItem, IssueLink, LinkState, Phase, Retrospective, User
from app.models.carry_over import ids_listed_in
from app.models.deleted_retrospective import DeletedRetrospective
from app.services import audit
from app.services.errors import AlreadyDeleted
from app.services.retrospectives import action_items, carrying, phases


@dataclass(frozen=True)
class Belongings:
    """What goes with a retrospective: its action items, and how many of them have an issue.

    kept: how many stay, because another retrospective lists them, too.
    """

    action_items: int
    issues: int
    kept: int = 0


def rename(retrospective: Retrospective, title: str, by: User) -> None:
    """Give it another title. Issues that exist keep the one in their link (design.md §11.1)."""
    title = " ".join(title.split())
    phases.lock(retrospective)
    if title == retrospective.title:
        return
    audit.record(
        retrospective.team.organization,
        by,
        "retrospective-renamed",
        retrospective=retrospective.id,
        before=retrospective.title,
        after=title,
    )
    retrospective.title = title
    db.session.flush()


def belongings_of(retrospective: Retrospective) -> Belongings:
    """What a deletion would take along."""
    there_is_one = IssueLink.issue_id.is_not(None) & (IssueLink.state != LinkState.DELETED)
    linked = IssueLink.active & there_is_one
    counts = db.session.execute(
        select(func.count(ActionItem.id), func.count(IssueLink.id))
        .outerjoin(IssueLink, (IssueLink.action_item_id == ActionItem.id) & linked)
        .where(*_listed_nowhere_else(retrospective))
    ).one()
    listed = select(func.count(ActionItem.id)).where(*_listed_in(retrospective))
    every = db.session.scalar(listed) or 0
    return Belongings(*counts, kept=every - counts[0])


def delete(retrospective: Retrospective, by: User) -> None:
    """Take it out of Unpack with its action items, but for those that another retrospective lists,
    too; the rows stay, and so do issues in Jira.

    Holds its row as entering Commit does, then each item by ascending id. Raises `AlreadyDeleted`.
    """
    phases.lock(retrospective)
    if db.session.get(DeletedRetrospective, retrospective.id) is not None:
        raise AlreadyDeleted
    _hold_listed(retrospective)
    belongings = belongings_of(retrospective)
    for item in _going_with(retrospective):
        action_items.delete(item, by)
    db.session.add(
        DeletedRetrospective(
            retrospective_id=retrospective.id, deleted_by_id=by.id, phase=retrospective.phase
        )
    )
    audit.record(
        retrospective.team.organization,
        by,
        "retrospective-deleted",
        retrospective=retrospective.id,
        title=retrospective.title,
        before=retrospective.phase,
        action_items=belongings.action_items,
        issues=belongings.issues,
    )
    retrospective.phase = Phase.DRAFT
    db.session.flush()


def _hold_listed(retrospective: Retrospective) -> None:
    """Hold what it lists, by ascending id: nobody carries it over to another one meanwhile."""
    db.session.scalars(
        select(ActionItem.id)
        .where(ActionItem.id.in_(ids_listed_in(retrospective.id)))
        .order_by(ActionItem.id)
        .with_for_update()
    ).all()


def _going_with(retrospective: Retrospective) -> Sequence[ActionItem]:
    return db.session.scalars(
        select(ActionItem)
        .where(*_listed_nowhere_else(retrospective))
        .order_by(ActionItem.id)
        .execution_options(populate_existing=True)
    ).all()


def _listed_in(retrospective: Retrospective) -> tuple[ColumnElement[bool], ...]:
    return ActionItem.id.in_(ids_listed_in(retrospective.id)), ActionItem.deleted_at.is_(None)


def _listed_nowhere_else(retrospective: Retrospective) -> tuple[ColumnElement[bool], ...]:
    return (*_listed_in(retrospective), ~carrying.listed_elsewhere(retrospective))
