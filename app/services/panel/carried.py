"""Where action items that a retrospective lists come from, and how often they were carried over."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models import ActionItem, CarryOver, Retrospective
from app.models.deleted_retrospective import not_deleted

_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def words_of(items: Sequence[ActionItem], retrospective: Retrospective) -> dict[int, str]:
    """ "Carried over from Sprint 13 Retro, second time" of those that came from another
    retrospective, by item id."""
    carried = [item for item in items if item.retrospective_id != retrospective.id]
    if not carried:
        return {}
    titles, times = titles_of(carried), _times_until(carried, retrospective)
    return {item.id: _words(titles[item.retrospective_id], times[item.id]) for item in carried}


def titles_of(items: Collection[ActionItem]) -> Mapping[int, str]:
    """The titles of the retrospectives in which the items were written, by id."""
    ids = {item.retrospective_id for item in items}
    rows = db.session.execute(
        select(Retrospective.id, Retrospective.title).where(Retrospective.id.in_(ids))
    )
    return {row.id: row.title for row in rows}


def times_of(items: Collection[ActionItem]) -> Mapping[int, int]:
    """To how many retrospectives that are there each of the items was carried over, by item id."""
    return _counted(items, _carry_overs())


def _times_until(items: Collection[ActionItem], retrospective: Retrospective) -> Mapping[int, int]:
    """The same, up to that one: what a later one goes on with is none of its page."""
    own = aliased(CarryOver)
    here = and_(
        own.action_item_id == CarryOver.action_item_id, own.retrospective_id == retrospective.id
    )
    return _counted(items, _carry_overs().join(own, here).where(CarryOver.id <= own.id))


def _carry_overs() -> Select[int, int]:
    counts = select(CarryOver.action_item_id, func.count(CarryOver.id))
    return counts.join(CarryOver.retrospective).where(not_deleted())


def _counted(items: Collection[ActionItem], counts: Select[int, int]) -> Mapping[int, int]:
    ids = [item.id for item in items]
    rows = db.session.execute(
        counts.where(CarryOver.action_item_id.in_(ids)).group_by(CarryOver.action_item_id)
    )
    return dict.fromkeys(ids, 0) | dict(rows.all())


def often_words(times: int) -> str:
    """ "Carried over twice"; empty where it was not."""
    if not times:
        return ""
    return {1: "Carried over once", 2: "Carried over twice"}.get(
        times, f"Carried over {times} times"
    )


def _words(title: str, times: int) -> str:
    said = f"Carried over from {title}"
    return f"{said}, {_ordinal(times)} time" if times > 1 else said


def _ordinal(number: int) -> str:
    """ "second", "11th", "21st"."""
    if number in _ORDINALS:
        return _ORDINALS[number]
    teens = number // 10 % 10 == 1
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
