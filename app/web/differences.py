"""A field that was changed here and in Jira: keeping Jira's, or replacing it."""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import ActionItem
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import BY_ID
from app.services.organizations import permissions
from app.services.outbound import both_changed
from app.services.outbound.both_changed import ChangedMeanwhile
from app.services.retrospectives import action_items
from app.web.access import action_item_or_404, require, signed_in_user
from app.web.panel_fragments import row_or_page

bp = Blueprint(
    "differences", __name__, url_prefix="/action-items/<int:item_id>/differences/<field_id>"
)


@bp.post("/removal")
def destroy(item_id: int, field_id: str) -> ResponseReturnValue:
    item, field = _of_this_person(item_id, field_id)
    both_changed.keep_theirs(item, field)
    db.session.commit()
    return _decided(item, f"Kept Jira’s {field.name}")


@bp.post("/replacement")
def create(item_id: int, field_id: str) -> ResponseReturnValue:
    item, field = _of_this_person(item_id, field_id)
    try:
        both_changed.replace_theirs(item, field, request.form.get("seen", ""))
    except ChangedMeanwhile as changed:
        db.session.rollback()
        return _decided(item, changed.sentence)
    db.session.commit()
    return _decided(item, "Waiting to sync")


def _of_this_person(item_id: int, field_id: str) -> tuple[ActionItem, SyncedField]:
    item = action_item_or_404(item_id)
    require(permissions.may_edit(signed_in_user(), item))
    field = BY_ID.get(field_id)
    if field is None or not field.guarded:
        abort(404)
    action_items.lock(item)
    return item, field


def _decided(item: ActionItem, announcement: str) -> ResponseReturnValue:
    return row_or_page(item, announce=announcement, focus=f"m-{item.id}-button")
