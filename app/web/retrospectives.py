"""A retrospective's page, and the fragment that its panel polls."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.clock import utcnow
from app.models import Retrospective
from app.services.organizations.permissions import TeamAccess
from app.services.panel import head, panels, polling
from app.services.panel.head import Batch
from app.services.panel.panels import Panel
from app.web import drawn_panels, listings, pace
from app.web.access import access_here, retrospective_or_404, signed_in_user
from app.web.drawn_panels import Drawn
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
    drawn = drawn_panels.drawn_for(look, lambda: _draw(retrospective_or_404(retrospective_id)))
    return drawn.html, {"HX-Retarget": "#retrospective"} if drawn.whole else {}


def _draw(retrospective: Retrospective) -> Drawn:
    shown = panels.panel_of(retrospective)
    if request.args.get("phase", retrospective.phase.value) != retrospective.phase.value:
        return _moved(shown)
    batch = batch_from_request()
    html = html_partial(
        "action_items/_panel.html",
        announce=_said(shown, batch),
        **panel_context(shown, batch, focus=_FOCUS.get(request.args.get("focus", ""))),
    )
    return Drawn(html, whole=False, apart=_own(shown))


def _moved(shown: Panel) -> Drawn:
    """Somebody moved the phase: all of the retrospective is another, not its panel alone."""
    batch, words = batch_from_request(), f"Now in {shown.retrospective.phase.label}"
    said = ". ".join(filter(None, [words, _said(shown, batch)]))
    context = retrospective_context(shown, batch)
    html = html_partial("retrospectives/_retrospective.html", announce=said, **context)
    return Drawn(html, whole=True, apart=None if context["last_time"] else _own(shown))


def _own(shown: Panel) -> frozenset[int]:
    """Who may do more with one of the items than others (`permissions.edits_as`): of members, whose
    it is; who leads may everything."""
    if access_here() >= TeamAccess.FACILITATOR:
        return frozenset()
    people = ({row.item.created_by_id, row.item.assignee_id} for row in shown.rows)
    return frozenset(each for pair in people for each in pair if each is not None)


def _said(shown: Panel, batch: Batch) -> str:
    said = [head.announcement(shown, batch), head.returned(shown, done_before(shown))]
    return ". ".join(filter(None, said))
