"""Sync to Jira: pushing one action item now, or those that fail for one cause."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.identifiers import is_number
from app.services.labels import plural
from app.services.organizations import permissions
from app.services.panel import item_syncs, sync_several
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
    item_syncs.request_sync(item, signed_in_user())
    db.session.commit()
    connection = item.retrospective.team.organization.connection
    said = "Synced after Resume" if connection is not None and connection.suspended else ""
    return row_or_page(item, announce=said, focus=f"m-{item.id}-button")


@bp.post("/retrospectives/<int:retrospective_id>/syncs")
def create_several(retrospective_id: int) -> ResponseReturnValue:
    """Those of the retrospective's items that the form names."""
    retrospective = retrospective_or_404(retrospective_id)
    require(permissions.may_lead(signed_in_user(), retrospective.team))
    named = {int(each) for each in request.form.getlist("item") if is_number(each)}
    pushed = sync_several.request_syncs(retrospective, named, signed_in_user())
    db.session.commit()
    said = f"{plural(len(pushed), 'action item')} on the way to Jira" if pushed else ""
    return panel_or_page(retrospective, announce=said)
