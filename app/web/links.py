"""An action item's link to its issue: taking it away, and creating a deleted issue again."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import ActionItem, LinkState
from app.services.organizations import permissions
from app.services.outbound import links
from app.services.retrospectives import action_items
from app.web.access import action_item_or_404, require, signed_in_user
from app.web.item_records import record_on
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
        page=page_of(item.retrospective, item),
        in_dialog=wants_partial(),
    )


@bp.post("/removal")
def destroy(item_id: int) -> ResponseReturnValue:
    item = _of_this_person(item_id)
    action_items.lock(item)
    link = links.active_link(item)
    links.unlink(item)
    if link is not None:
        record_on(item, "jira.unlinked", before=link.issue_key)
    db.session.commit()
    return row_or_page(item, announce=f"Unlinked: {item.title}", focus=f"m-{item.id}-button")


@bp.post("/renewal")
def create(item_id: int) -> ResponseReturnValue:
    item = _of_this_person(item_id)
    action_items.lock(item)
    link = links.active_link(item)
    if link is None or link.state is not LinkState.DELETED:
        abort(409, "Its issue is not deleted in Jira, so no other one was created.")
    links.create_again(item)
    record_on(item, "jira.created-again", before=link.issue_key)
    db.session.commit()
    return row_or_page(item, focus=f"m-{item.id}-button")


def _of_this_person(item_id: int) -> ActionItem:
    item = action_item_or_404(item_id)
    require(permissions.may_sync(signed_in_user(), item))
    return item
