"""Taking up again an action item that was dropped, wherever it is shown."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.services.organizations import permissions
from app.services.retrospectives import dropping
from app.web.access import action_item_or_404, require, signed_in_user
from app.web.panel_fragments import row_or_page

bp = Blueprint("drops", __name__, url_prefix="/action-items/<int:item_id>/drop")


@bp.post("/removal")
def destroy(item_id: int) -> ResponseReturnValue:
    item = action_item_or_404(item_id)
    require(permissions.may_drop(signed_in_user(), item))
    dropping.undo_drop(item, signed_in_user())
    db.session.commit()
    return row_or_page(
        item, announce=f"Taken up again: {item.title}", focus=f"item-{item.id}-check"
    )
