"""On the page of which retrospective somebody acts on an action item: that in which it was written,
or one that it was carried over to.

The addresses that a panel shows of carried items say it (`?in=`), so that who acts there comes back
there. Whose the item is does not depend on it: access follows the team.
"""

from typing import Any

from flask import Flask, g, request
from sqlalchemy import ColumnElement, select

from app.extensions import db
from app.identifiers import is_number
from app.models import ActionItem, CarryOver, Retrospective
from app.models.deleted_retrospective import not_deleted
from app.services.panel.panels import Panel

PARAMETER = "in"


def init_app(app: Flask) -> None:
    app.url_defaults(_say_where)
    app.jinja_env.globals["listing_of"] = listing_of


def note_panel(panel: Panel) -> None:
    """From now on, addresses of items that were carried over to it lead back to its page."""
    own = panel.retrospective.id
    for row in panel.rows:
        if row.item.retrospective_id != own:
            _listed()[row.item.id] = own


def asked_for(item: ActionItem) -> int | None:
    """The id of the retrospective that the address names, if the item was carried over to it."""
    named = request.args.get(PARAMETER, "")
    if not is_number(named):
        return None
    carried = select(CarryOver.retrospective_id).where(
        CarryOver.action_item_id == item.id, CarryOver.retrospective_id == int(named)
    )
    return db.session.scalar(carried)


def latest_of(item: ActionItem) -> int | None:
    """The id of the retrospective that it was carried over to last, of those that are there."""
    return _latest(ActionItem.id == item.id)


def latest_with_items_of(retrospective_id: int) -> int | None:
    """The id of that which one of the action items written in a retrospective was carried over to
    last, of those that are there."""
    written_in_it = ActionItem.retrospective_id == retrospective_id
    return _latest(written_in_it & ActionItem.deleted_at.is_(None))


def _latest(which: ColumnElement[bool]) -> int | None:
    return db.session.scalar(
        select(CarryOver.retrospective_id)
        .join(CarryOver.retrospective)
        .join(CarryOver.action_item)
        .where(which, not_deleted())
        .order_by(CarryOver.id.desc())
        .limit(1)
    )


def note(item: ActionItem, retrospective: Retrospective) -> None:
    """This request is about the item on the page of that retrospective."""
    g.setdefault("listings", {})[item.id] = retrospective
    if retrospective.id != item.retrospective_id:
        _listed()[item.id] = retrospective.id


def listing_of(item: ActionItem) -> Retrospective:
    """The retrospective on whose page this request is about the item."""
    found: dict[int, Retrospective] = g.get("listings", {})
    return found.get(item.id) or item.retrospective


def named_for(item_id: int) -> int | None:
    """What the item's addresses say; None where they need not."""
    return _listed().get(item_id)


def _listed() -> dict[int, int]:
    listed: dict[int, int] = g.setdefault("listed_in", {})
    return listed


def _say_where(_endpoint: str, values: dict[str, Any]) -> None:
    item_id = values.get("item_id")
    if item_id is not None and "retrospective_id" not in values and named_for(item_id):
        values.setdefault(PARAMETER, named_for(item_id))
