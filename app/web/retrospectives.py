"""A retrospective's page, and the fragment that its panel polls."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.services.organizations import permissions
from app.services.panel import head, panels, polling, previews
from app.web.access import retrospective_or_404, signed_in_user
from app.web.panel_fragments import batch_from_request, done_before, panel_context
from app.web.partials import html_partial

bp = Blueprint("retrospectives", __name__, url_prefix="/retrospectives/<int:retrospective_id>")

# Cancelling the form of a new item gives the focus back to what opened it.
_FOCUS = {"add": "add-item"}


@bp.get("")
def show(retrospective_id: int) -> ResponseReturnValue:
    retrospective = retrospective_or_404(retrospective_id)
    panel = panels.panel_of(retrospective)
    return render_template(
        "retrospectives/show.html",
        may_move=permissions.may_move_phases(signed_in_user(), retrospective),
        previewed=previews.needed(panel),
        **panel_context(panel),
    )


@bp.get("/panel")
def panel(retrospective_id: int) -> ResponseReturnValue:
    retrospective = retrospective_or_404(retrospective_id)
    pulse = request.args.get("pulse")
    if pulse is not None and pulse == polling.pulse_of(retrospective):
        return "", 204  # nothing new: htmx leaves the page, and the focus, alone
    shown = panels.panel_of(retrospective)
    if pulse is None and request.args.get("seen") == shown.token:
        return "", 204
    batch = batch_from_request()
    said = [head.announcement(shown, batch), head.returned(shown, done_before(shown))]
    return html_partial(
        "action_items/_panel.html",
        announce=". ".join(filter(None, said)),
        **panel_context(shown, batch, focus=_FOCUS.get(request.args.get("focus", ""))),
    )
