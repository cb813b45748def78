"""Sync to Jira: pushing one action item now, or those that fail for one cause."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.services.labels import plural
from app.services.organizations import permissions
from app.services.outbound import links
from app.services.retrospectives import action_items
from app.web.access import (
    action_item_or_404,
    require,
    retrospective_or_404,
    signed_in_user,
)
from app.web.panel_fragments import panel_or_page, row_or_page

bp = Blueprint("syncs", __name__)


@bp.post("/action-items/<int:item_id>/syncs")
def create(item_id: int) -> ResponseReturnValue:
    item = action_item_or_404(item_id)
    require(permissions.may_sync(signed_in_user(), item))
    action_items.lock(item)
    links.request_sync(item)
    db.session.commit()
    return row_or_page(item, focus=f"m-{item.id}-button")


@bp.post("/retrospectives/<int:retrospective_id>/syncs")
def create_several(retrospective_id: int) -> ResponseReturnValue:
    """Those of the retrospective's items that the form names, by ascending id."""
    retrospective = retrospective_or_404(retrospective_id)
    person, wanted = signed_in_user(), set(request.form.getlist("item"))
    require(permissions.may_lead(person, retrospective.team))
    named = [item for item in action_items.items_of(retrospective) if str(item.id) in wanted]
    for item in named:
        action_items.lock(item)
        links.request_sync(item)
    db.session.commit()
    said = f"{plural(len(named), 'action item')} on the way to Jira" if named else ""
    return panel_or_page(retrospective, announce=said)
