"""Completing an action item, and opening it again."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import ActionItem
from app.services.organizations import permissions
from app.services.retrospectives import action_items
from app.web.access import action_item_or_404, require, signed_in_user
from app.web.panel_fragments import row_or_page

bp = Blueprint("completions", __name__, url_prefix="/action-items/<int:item_id>/completion")


@bp.post("")
def create(item_id: int) -> ResponseReturnValue:
    item = _to_be_completed(item_id)
    action_items.complete(item, signed_in_user())
    db.session.commit()
    return row_or_page(item, announce=f"Completed: {item.title}", focus=_check(item), undo=item.id)


@bp.post("/removal")
def destroy(item_id: int) -> ResponseReturnValue:
    item = _to_be_completed(item_id)
    action_items.reopen(item, signed_in_user())
    db.session.commit()
    return row_or_page(item, announce=f"Open again: {item.title}", focus=_check(item))


def _to_be_completed(item_id: int) -> ActionItem:
    item = action_item_or_404(item_id)
    require(permissions.may_complete(signed_in_user(), item))
    return item


def _check(item: ActionItem) -> str:
    return f"item-{item.id}-check"
