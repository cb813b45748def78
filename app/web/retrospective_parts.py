"""What a retrospective's page is drawn from, for the page and for those who change all of it."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.models import Retrospective
from app.services.organizations import permissions
from app.services.panel import last_time, panels, previews
from app.services.panel.head import Batch
from app.services.panel.panels import Panel
from app.web.access import signed_in_user
from app.web.formatting import today, viewer_zone
from app.web.panel_fragments import NOBODY, Viewer, panel_context
from app.web.partials import html_partial, wants_partial


def retrospective_context(shown: Panel, batch: Batch = NOBODY, **more: Any) -> dict[str, Any]:
    """The variables of `retrospectives/_retrospective.html`."""
    retrospective = shown.retrospective
    return {
        "may_move": permissions.may_move_phases(signed_in_user(), retrospective),
        "previewed": previews.needed(shown),
        "last_time": last_time.last_time_of(retrospective, shown.around, utcnow(), viewer_zone()),
        **panel_context(shown, batch, **more),
    }


def last_time_context(retrospective: Retrospective) -> dict[str, Any]:
    """The variables of `retrospectives/_last_time.html`."""
    around = panels.circumstances_of(retrospective)
    return {
        "last_time": last_time.last_time_of(retrospective, around, utcnow(), viewer_zone()),
        "retrospective": retrospective,
        "viewer": Viewer(signed_in_user(), retrospective),
        "slug": retrospective.team.organization.slug,
        "today": today(),
        "focus": None,
    }


def whole(
    retrospective: Retrospective, *, announce: str, focus: str = "", at: str | None = None
) -> ResponseReturnValue:
    """After a write that changes more than its action items: all of it, else back to the page.

    focus: the id of what takes it. at: the part of the page to go back to.
    """
    if not wants_partial():
        return go_back(retrospective, announce, at)
    shown = panels.panel_of(retrospective)
    context = retrospective_context(shown, focus=focus)
    return html_partial("retrospectives/_retrospective.html", announce=announce, **context)


def go_back(
    retrospective: Retrospective, announce: str = "", at: str | None = None
) -> ResponseReturnValue:
    """To its page."""
    if announce:
        flash(announce, "ok")
    page = url_for("retrospectives.show", retrospective_id=retrospective.id, _anchor=at)
    return redirect(page, 303)
