"""Where action items that a retrospective lists come from, and how often they were carried over."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select

from app.extensions import db
from app.models import ActionItem, CarryOver, Retrospective

_TIMES = {2: "second time", 3: "third time", 4: "fourth time", 5: "fifth time"}


def words_of(items: Sequence[ActionItem], retrospective: Retrospective) -> dict[int, str]:
    """ "Carried over from Sprint 13 Retro, second time" of those that came from another
    retrospective, by item id."""
    carried = [item for item in items if item.retrospective_id != retrospective.id]
    if not carried:
        return {}
    titles, times = titles_of(carried), times_of(carried)
    return {item.id: _words(titles[item.retrospective_id], times[item.id]) for item in carried}


def titles_of(items: Collection[ActionItem]) -> Mapping[int, str]:
    """The titles of the retrospectives in which the items were written, by id."""
    ids = {item.retrospective_id for item in items}
    rows = db.session.execute(
        select(Retrospective.id, Retrospective.title).where(Retrospective.id.in_(ids))
    )
    return {row.id: row.title for row in rows}


def times_of(items: Collection[ActionItem]) -> Mapping[int, int]:
    """How often each of the items was carried over, by item id."""
    ids = [item.id for item in items]
    rows = db.session.execute(
        select(CarryOver.action_item_id, func.count(CarryOver.id))
        .where(CarryOver.action_item_id.in_(ids))
        .group_by(CarryOver.action_item_id)
    )
    return dict.fromkeys(ids, 0) | dict(rows.tuples().all())


def often_words(times: int) -> str:
    """ "Carried over twice"; empty where it was not."""
    if not times:
        return ""
    return {1: "Carried over once", 2: "Carried over twice"}.get(
        times, f"Carried over {times} times"
    )


def _words(title: str, times: int) -> str:
    said = f"Carried over from {title}"
    return f"{said}, {_TIMES.get(times, f'{times}th time')}" if times > 1 else said
