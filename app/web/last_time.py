"""What a team committed before, in its next retrospective: carried over, completed, or dropped."""

from collections.abc import Callable

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.identifiers import is_number
from app.models import ActionItem, Retrospective, User
from app.services.inbound import looking_back
from app.services.labels import plural
from app.services.organizations import permissions
from app.services.outbound import links
from app.services.panel import last_time
from app.services.retrospectives import action_items, carrying, dropping
from app.web.access import (
    action_item_or_404,
    require,
    retrospective_or_404,
    signed_in_user,
)
from app.web.formatting import viewer_zone
from app.web.partials import html_partial, wants_partial
from app.web.retrospective_parts import go_back, last_time_context, whole

bp = Blueprint("last_time", __name__, url_prefix="/retrospectives/<int:retrospective_id>/last-time")


@bp.get("")
def show(retrospective_id: int) -> ResponseReturnValue:
    """The section as it is now, for whoever has the page open."""
    retrospective = retrospective_or_404(retrospective_id)
    if request.args.get("pulse") == last_time.pulse_of(retrospective, utcnow(), viewer_zone()):
        return "", 204
    return _section(retrospective)


@bp.post("/reading")
def read(retrospective_id: int) -> ResponseReturnValue:
    """Ask Jira what became of it: once in five minutes, whoever is there."""
    retrospective = retrospective_or_404(retrospective_id)
    look = looking_back.begin(retrospective, last_time.links_of_before(retrospective), utcnow())
    db.session.commit()
    if look is not None:
        looked = looking_back.ask(look)
        looking_back.keep(look, looked, utcnow())
        db.session.commit()
    retrospective = retrospective_or_404(retrospective_id)
    if not wants_partial():
        return go_back(retrospective)
    return _section(retrospective)


@bp.post("/carry-overs")
def carry_over_all(retrospective_id: int) -> ResponseReturnValue:
    """Those that the form names: what whoever pressed has seen."""
    retrospective = _led_by_this_person(retrospective_id)
    named = {int(each) for each in request.form.getlist("item") if is_number(each)}
    carried = carrying.carry_over_all(named, retrospective, signed_in_user())
    db.session.commit()
    said = f"{plural(len(carried), 'action item')} carried over"
    return whole(retrospective, announce=said, focus="h-last")


@bp.post("/<int:item_id>/carry-over")
def carry_over(retrospective_id: int, item_id: int) -> ResponseReturnValue:
    retrospective = _led_by_this_person(retrospective_id)
    item = _of_its_team(retrospective, item_id)
    carrying.carry_over(item, retrospective, signed_in_user())
    db.session.commit()
    return _after(retrospective, item, f"Carried over: {item.title}", "undo")


@bp.post("/<int:item_id>/carry-over/removal")
def undo_carry_over(retrospective_id: int, item_id: int) -> ResponseReturnValue:
    retrospective = _led_by_this_person(retrospective_id)
    item = _of_its_team(retrospective, item_id)
    carrying.undo_carry_over(item, retrospective)
    db.session.commit()
    return _after(retrospective, item, f"Not carried over: {item.title}", "carry")


@bp.get("/<int:item_id>/drop")
def confirm_drop(retrospective_id: int, item_id: int) -> ResponseReturnValue:
    retrospective, item = _item_for(permissions.may_drop, retrospective_id, item_id)
    return render_template(
        "action_items/drop.html",
        item=item,
        retrospective=retrospective,
        link=links.active_link(item),
        limit=dropping.REASON_LIMIT,
        page=_address_of(retrospective, item),
        in_dialog=wants_partial(),
    )


@bp.post("/<int:item_id>/drop")
def drop(retrospective_id: int, item_id: int) -> ResponseReturnValue:
    retrospective, item = _item_for(permissions.may_drop, retrospective_id, item_id)
    dropping.drop(item, signed_in_user(), request.form.get("why", ""))
    db.session.commit()
    return _after(retrospective, item, f"Dropped: {item.title}", "undo")


@bp.post("/<int:item_id>/drop/removal")
def undo_drop(retrospective_id: int, item_id: int) -> ResponseReturnValue:
    retrospective, item = _item_for(permissions.may_drop, retrospective_id, item_id)
    dropping.undo_drop(item, signed_in_user())
    db.session.commit()
    return _after(retrospective, item, f"Taken up again: {item.title}", "carry")


@bp.post("/<int:item_id>/completion")
def complete(retrospective_id: int, item_id: int) -> ResponseReturnValue:
    retrospective, item = _item_for(permissions.may_complete, retrospective_id, item_id)
    action_items.complete(item, signed_in_user())
    db.session.commit()
    return _after(retrospective, item, f"Completed: {item.title}", "check")


@bp.post("/<int:item_id>/completion/removal")
def reopen(retrospective_id: int, item_id: int) -> ResponseReturnValue:
    retrospective, item = _item_for(permissions.may_complete, retrospective_id, item_id)
    action_items.reopen(item, signed_in_user())
    db.session.commit()
    return _after(retrospective, item, f"Open again: {item.title}", "check")


def _led_by_this_person(retrospective_id: int) -> Retrospective:
    retrospective = retrospective_or_404(retrospective_id)
    require(permissions.may_carry_over(signed_in_user(), retrospective))
    return retrospective


def _item_for(
    may: Callable[[User, ActionItem], bool], retrospective_id: int, item_id: int
) -> tuple[Retrospective, ActionItem]:
    retrospective = retrospective_or_404(retrospective_id)
    item = _of_its_team(retrospective, item_id)
    require(may(signed_in_user(), item))
    return retrospective, item


def _of_its_team(retrospective: Retrospective, item_id: int) -> ActionItem:
    item = action_item_or_404(item_id)
    if item.team_id != retrospective.team_id:
        abort(404)
    return item


def _after(
    retrospective: Retrospective, item: ActionItem, announce: str, control: str
) -> ResponseReturnValue:
    """The focus goes to what takes it back, or may be pressed next."""
    return whole(
        retrospective, announce=announce, at=f"last-{item.id}", focus=f"last-{item.id}-{control}"
    )


def _section(retrospective: Retrospective) -> ResponseReturnValue:
    return html_partial("retrospectives/_last_time.html", **last_time_context(retrospective))


def _address_of(retrospective: Retrospective, item: ActionItem) -> str:
    return url_for(
        "retrospectives.show", retrospective_id=retrospective.id, _anchor=f"last-{item.id}"
    )
