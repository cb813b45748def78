"""What stands otherwise in an issue that somebody chose: sending ours, or leaving Jira's."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import ActionItem
from app.services.linking import undecided
from app.services.organizations import permissions
from app.web.access import action_item_or_404, require, signed_in_user

bp = Blueprint("undecided_fields", __name__, url_prefix="/action-items/<int:item_id>/issue/fields")


@bp.post("/replacement")
def create(item_id: int) -> ResponseReturnValue:
    item = _of_this_person(item_id)
    undecided.send_ours(item, signed_in_user())
    db.session.commit()
    return _decided(item, "Ours is on the way to Jira.")


@bp.post("/removal")
def destroy(item_id: int) -> ResponseReturnValue:
    item = _of_this_person(item_id)
    undecided.leave_theirs(item, signed_in_user())
    db.session.commit()
    return _decided(item, "Jira stays as it is.")


def _of_this_person(item_id: int) -> ActionItem:
    item = action_item_or_404(item_id)
    require(permissions.may_edit(signed_in_user(), item))
    return item


def _decided(item: ActionItem, said: str) -> ResponseReturnValue:
    flash(said, "ok")
    return redirect(url_for("action_items.show", item_id=item.id), 303)
