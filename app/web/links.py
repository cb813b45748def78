"""An action item's link to its issue: taking it away, and creating a deleted issue again."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import ActionItem
from app.services.organizations import permissions
from app.services.outbound import links
from app.services.panel import item_syncs
from app.web.access import action_item_or_404, require, signed_in_user
from app.web.listings import listing_of
from app.web.panel_fragments import page_of, row_or_page
from app.web.partials import wants_partial

bp = Blueprint("links", __name__, url_prefix="/action-items/<int:item_id>/link")


@bp.get("/removal")
def edit(item_id: int) -> ResponseReturnValue:
    item = _of_this_person(item_id)
    return render_template(
        "action_items/unlink.html",
        item=item,
        link=links.active_link(item),
        page=page_of(listing_of(item), item),
        in_dialog=wants_partial(),
    )


@bp.post("/removal")
def destroy(item_id: int) -> ResponseReturnValue:
    item = _of_this_person(item_id)
    item_syncs.unlink(item, signed_in_user())
    db.session.commit()
    return row_or_page(item, announce=f"Unlinked: {item.title}", focus=f"m-{item.id}-button")


@bp.post("/renewal")
def create(item_id: int) -> ResponseReturnValue:
    item = _of_this_person(item_id)
    item_syncs.create_again(item, signed_in_user())
    db.session.commit()
    return row_or_page(item, focus=f"m-{item.id}-button")


def _of_this_person(item_id: int) -> ActionItem:
    item = action_item_or_404(item_id)
    require(permissions.may_sync(signed_in_user(), item))
    return item
