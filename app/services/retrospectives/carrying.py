"""Going on with an action item of before in a later retrospective of its team.

It stays one action item with one issue, and is listed there, too (design.md §2.12).
"""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select

from app.extensions import db
from app.models import ActionItem, CarryOver, Phase, Retrospective, User
from app.models.deleted_retrospective import DeletedRetrospective, not_deleted
from app.services.errors import AlreadyDeleted, UnpackError
from app.services.retrospectives import phases

COMMITTED = tuple(phase for phase in Phase if phase.position >= Phase.COMMIT.position)
MOST_OPEN = 100  # that a page shows of before; a meeting goes through no more


class CommittedAlready(UnpackError):
    sentence = "This retrospective is in Commit by now. Go back to Discuss to change what it lists."


class NotFromBefore(UnpackError):
    sentence = "Only what the team has committed in another retrospective can be carried over."


class TooMany(UnpackError):
    sentence = f"At most {MOST_OPEN} action items are carried over at once."


class NotOpen(UnpackError):
    sentence = "This action item is not open any more, so it stays where it is."


def carry_over(item: ActionItem, retrospective: Retrospective, by: User) -> bool:
    """List `item` in `retrospective`, too; False if it is already: somebody was faster.

    Holds the retrospective, as entering Commit does, then the item. Raises `AlreadyDeleted`,
    `CommittedAlready`, `NotFromBefore`, `NotOpen`.
    """
    if item.team_id != retrospective.team_id:
        raise NotFromBefore
    return bool(carry_over_all([item.id], retrospective, by))


def carry_over_all(
    item_ids: Collection[int], retrospective: Retrospective, by: User
) -> Sequence[ActionItem]:
    """The same of several, held by ascending id; those that are listed there from now on.

    Ids that are none of its team's are none of it. Raises as `carry_over` does, and `TooMany`, and
    nothing is carried over then.
    """
    if len(item_ids) > MOST_OPEN:
        raise TooMany
    _hold_before_commit(retrospective)
    listed = _carried_to(retrospective)
    items = [item for item in _held(item_ids, retrospective) if item.id not in listed]
    _require_of_before(items, retrospective)
    if any(item.complete for item in items):
        raise NotOpen
    for item in items:
        carried = CarryOver(
            action_item_id=item.id, retrospective_id=retrospective.id, carried_by_id=by.id
        )
        db.session.add(carried)
    db.session.flush()
    return items


def undo_carry_over(item: ActionItem, retrospective: Retrospective) -> bool:
    """List it there no more; False if it is not. What the item is otherwise stays as it is.

    Raises `AlreadyDeleted`, and `CommittedAlready`: what a retrospective has committed, it lists.
    """
    _hold_before_commit(retrospective)
    undone = db.session.scalars(
        delete(CarryOver)
        .where(CarryOver.action_item_id == item.id, CarryOver.retrospective_id == retrospective.id)
        .returning(CarryOver.id)
    ).all()
    return bool(undone)


def committed_elsewhere(retrospective: Retrospective) -> ColumnElement[bool]:
    """Whether another retrospective that is at Commit or beyond lists an action item of the
    surrounding SELECT. One that was deleted does not count: it is back in Draft."""
    return _listed_by(retrospective, Retrospective.phase.in_(COMMITTED))


def listed_elsewhere(retrospective: Retrospective) -> ColumnElement[bool]:
    """The same of another one that is there, in whichever phase."""
    return _listed_by(retrospective, not_deleted())


def _listed_by(but: Retrospective, which: ColumnElement[bool]) -> ColumnElement[bool]:
    other = and_(Retrospective.id != but.id, which)
    own = exists().where(other, Retrospective.id == ActionItem.retrospective_id)
    carried = exists().where(
        other,
        Retrospective.id == CarryOver.retrospective_id,
        CarryOver.action_item_id == ActionItem.id,
    )
    return or_(own, carried)


def _hold_before_commit(retrospective: Retrospective) -> None:
    phases.lock(retrospective)
    if db.session.get(DeletedRetrospective, retrospective.id) is not None:
        raise AlreadyDeleted
    if retrospective.phase in COMMITTED:
        raise CommittedAlready


def _carried_to(retrospective: Retrospective) -> set[int]:
    rows = select(CarryOver.action_item_id).where(CarryOver.retrospective_id == retrospective.id)
    return set(db.session.scalars(rows))


def _held(item_ids: Collection[int], retrospective: Retrospective) -> Sequence[ActionItem]:
    return db.session.scalars(
        select(ActionItem)
        .where(
            ActionItem.id.in_(item_ids),
            ActionItem.team_id == retrospective.team_id,
            ActionItem.deleted_at.is_(None),
        )
        .order_by(ActionItem.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _require_of_before(items: Sequence[ActionItem], retrospective: Retrospective) -> None:
    ids = [item.id for item in items]
    fitting = select(ActionItem.id).where(
        ActionItem.id.in_(ids),
        ActionItem.retrospective_id != retrospective.id,
        committed_elsewhere(retrospective),
    )
    if len(db.session.scalars(fitting).all()) < len(ids):
        raise NotFromBefore
