"""A retrospective's page, and the fragment that its panel polls."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.clock import utcnow
from app.services.panel import head, panels, polling
from app.services.panel.head import Batch
from app.services.panel.panels import Panel
from app.web import listings, pace
from app.web.access import retrospective_or_404, signed_in_user
from app.web.panel_fragments import (
    batch_from_request,
    done_before,
    panel_context,
    watches_jira,
)
from app.web.partials import html_partial
from app.web.retrospective_parts import retrospective_context

bp = Blueprint("retrospectives", __name__, url_prefix="/retrospectives/<int:retrospective_id>")

# Cancelling the form of a new item gives the focus back to what opened it.
_FOCUS = {"add": "add-item"}


@bp.get("")
def show(retrospective_id: int) -> ResponseReturnValue:
    try:
        retrospective = retrospective_or_404(retrospective_id)
    except NotFound:
        return _latest_after(retrospective_id)
    return render_template(
        "retrospectives/show.html", **retrospective_context(panels.panel_of(retrospective))
    )


def _latest_after(retrospective_id: int) -> ResponseReturnValue:
    """Links to a deleted one stay in Jira and in the Sync Log: they lead to the latest that goes on
    with one of its action items. 404 where none does, and for whoever may not see the team."""
    latest = listings.latest_with_items_of(retrospective_id)
    if latest is None:
        abort(404)
    return redirect(url_for(".show", retrospective_id=retrospective_or_404(latest).id))


@bp.get("/panel")
def panel(retrospective_id: int) -> ResponseReturnValue:
    pulse = request.args.get("pulse")
    look = polling.look_for(signed_in_user().id, retrospective_id, utcnow()) if pulse else None
    if look is not None and look.pulse == pulse:
        # Nothing new: htmx leaves the page, and the focus, alone. What waits for Jira's own changes
        # asks as often as ever.
        every = None if watches_jira() else look.every
        return "", 204, {pace.EVERY: str(every)} if every else {}
    retrospective = retrospective_or_404(retrospective_id)
    shown = panels.panel_of(retrospective)
    if request.args.get("phase", retrospective.phase.value) != retrospective.phase.value:
        return _moved(shown)
    batch = batch_from_request()
    return html_partial(
        "action_items/_panel.html",
        announce=_said(shown, batch),
        **panel_context(shown, batch, focus=_FOCUS.get(request.args.get("focus", ""))),
    )


def _moved(shown: Panel) -> ResponseReturnValue:
    """Somebody moved the phase: all of the retrospective is another, not its panel alone."""
    batch, words = batch_from_request(), f"Now in {shown.retrospective.phase.label}"
    said = ". ".join(filter(None, [words, _said(shown, batch)]))
    answer = make_response(
        html_partial(
            "retrospectives/_retrospective.html",
            announce=said,
            **retrospective_context(shown, batch),
        )
    )
    answer.headers["HX-Retarget"] = "#retrospective"
    return answer


def _said(shown: Panel, batch: Batch) -> str:
    said = [head.announcement(shown, batch), head.returned(shown, done_before(shown))]
    return ". ".join(filter(None, said))
