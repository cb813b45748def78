"""Sync to Jira: pushing one action item now."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.services.organizations import permissions
from app.services.outbound import links
from app.services.retrospectives import action_items
from app.web.access import action_item_or_404, require, signed_in_user
from app.web.panel_fragments import row_or_page

bp = Blueprint("syncs", __name__)


@bp.post("/action-items/<int:item_id>/syncs")
def create(item_id: int) -> ResponseReturnValue:
    item = action_item_or_404(item_id)
    require(permissions.may_sync(signed_in_user(), item))
    action_items.lock(item)
    links.request_sync(item)
    db.session.commit()
    return row_or_page(item, focus=f"m-{item.id}-button")
