"""Moving a retrospective forward and back, and the page before Commit."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import Phase, Retrospective
from app.services.organizations import permissions
from app.services.panel import panels, polling, previews
from app.services.panel.previews import Preview
from app.services.pulses import Watched
from app.services.retrospectives import phases
from app.services.retrospectives.phases import PhaseAlreadyMoved
from app.web.access import access_here, require, retrospective_or_404, signed_in_user, writes
from app.web.panel_fragments import Viewer
from app.web.partials import html_partial, wants_partial

bp = Blueprint("phases", __name__, url_prefix="/retrospectives/<int:retrospective_id>")


@bp.get("/commit")
@writes  # it may owe the look-up of owners and of the active sprint
def edit(retrospective_id: int) -> ResponseReturnValue:
    retrospective = _moved_by_this_person(retrospective_id)
    panel = panels.panel_of(retrospective)
    if retrospective.phase is not Phase.DISCUSS or not previews.needed(panel):
        return redirect(_page(retrospective_id), 303)
    preview = previews.preview_of(panel)
    if previews.look_up(panel, preview):
        db.session.commit()
        preview = previews.preview_of(panel)
    return render_template("retrospectives/commit.html", **_context(retrospective, preview))


@bp.get("/commit/preview")
def show(retrospective_id: int) -> ResponseReturnValue:
    """What the page before Commit says by now, while Jira is being asked."""
    retrospective = retrospective_or_404(retrospective_id)
    if request.args.get("pulse") == _pulse(retrospective):
        return "", 204
    require(permissions.may_move_phases(signed_in_user(), retrospective))
    preview = previews.preview_of(panels.panel_of(retrospective))
    return html_partial("retrospectives/_preview.html", **_context(retrospective, preview))


@bp.post("/phase")
def update(retrospective_id: int) -> ResponseReturnValue:
    page = url_for("retrospectives.show", retrospective_id=retrospective_id)
    retrospective = _moved_by_this_person(retrospective_id)
    if request.form.get("unseen") and previews.needed(panels.panel_of(retrospective)):
        return _go_to(url_for("phases.edit", retrospective_id=retrospective_id))
    try:
        phases.move_phase(retrospective, shown=_phase("shown"), to=_phase("to"))
    except PhaseAlreadyMoved as moved:
        db.session.rollback()
        flash(moved.sentence, "warn")
    else:
        db.session.commit()
    return _go_to(page)


def _context(retrospective: Retrospective, preview: Preview) -> dict[str, Any]:
    return {
        "retrospective": retrospective,
        "preview": preview,
        "pulse_of_preview": _pulse(retrospective),
        "viewer": Viewer(signed_in_user(), retrospective),
        "slug": retrospective.team.organization.slug,
    }


def _pulse(retrospective: Retrospective) -> str:
    """Of the preview, for somebody who may what this person may."""
    pulse = polling.pulse_of(retrospective, utcnow(), Watched.CHOICES, Watched.PEOPLE)
    return f"{pulse}-{access_here():d}"


def _moved_by_this_person(retrospective_id: int) -> Retrospective:
    retrospective = retrospective_or_404(retrospective_id)
    require(permissions.may_move_phases(signed_in_user(), retrospective))
    return retrospective


def _phase(name: str) -> Phase:
    try:
        return Phase(request.form.get(name, ""))
    except ValueError:
        abort(400)


def _page(retrospective_id: int) -> str:
    return url_for("retrospectives.show", retrospective_id=retrospective_id)


def _go_to(page: str) -> ResponseReturnValue:
    """The whole page changes: htmx is told to load it instead of swapping a part."""
    if wants_partial():
        return "", 204, {"HX-Redirect": page}
    return redirect(page, 303)
