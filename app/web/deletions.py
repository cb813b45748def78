"""Deleting an action item, after a page that says what stays."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import ActionItem
from app.services.organizations import permissions
from app.services.outbound import links
from app.services.retrospectives import action_items
from app.web.access import action_item_or_404, require, signed_in_user
from app.web.listings import listing_of
from app.web.panel_fragments import page_of, panel_or_page
from app.web.partials import wants_partial

bp = Blueprint("deletions", __name__, url_prefix="/action-items/<int:item_id>/deletion")


@bp.get("")
def new(item_id: int) -> ResponseReturnValue:
    item = _to_be_deleted(item_id)
    return render_template(
        "action_items/deletion.html",
        item=item,
        link=links.active_link(item),
        page=page_of(listing_of(item), item),
        in_dialog=wants_partial(),
    )


@bp.post("")
def create(item_id: int) -> ResponseReturnValue:
    item = _to_be_deleted(item_id)
    retrospective, focus = listing_of(item), _focus_afterwards(item)
    action_items.delete(item, signed_in_user())
    db.session.commit()
    return panel_or_page(retrospective, announce=f"Deleted: {item.title}", focus=focus)


def _to_be_deleted(item_id: int) -> ActionItem:
    item = action_item_or_404(item_id)
    require(permissions.may_delete(signed_in_user(), item))
    return item


def _focus_afterwards(item: ActionItem) -> str:
    """The next row's menu, else the way to add one: the focus must not fall to the page's top."""
    later = [other for other in action_items.items_of(listing_of(item)) if other.id > item.id]
    return f"m-{later[0].id}-button" if later else "add-item"
