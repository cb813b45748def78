"""Undoing a change of where action items go: the page that asks, and the deed."""

from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, Organization
from app.services.errors import UnpackError
from app.services.grants.asking import usable_connection
from app.services.history import change_pages, proposals, undo
from app.services.history.changed_fields import Change
from app.services.history.names import names_for
from app.services.pulses import Watched
from app.services.settings.save import SettingsInvalid
from app.web import polls
from app.web.access import administered_organization_or_404, signed_in_user, writes
from app.web.one_moment import only_read_from_now_on
from app.web.partials import html_partial

bp = Blueprint(
    "undoings",
    __name__,
    url_prefix="/organizations/<slug>/settings/history/<int:event_id>/<part>/undoing",
)


class Asked(NamedTuple):
    """What is to be undone: a field of a recorded change of an organization."""

    organization: Organization
    event: AuditEvent
    change: Change


@bp.get("")
@writes  # Jira is asked what it has today of the earlier choice
def new(slug: str, event_id: int, part: str) -> ResponseReturnValue:
    asked = _asked_or_404(slug, event_id, part)
    connection = usable_connection(asked.organization)
    if connection is not None:
        undo.ask(connection, asked.change)
        db.session.commit()
        only_read_from_now_on()
    return render_template("history/undo.html", **_context(asked))


@bp.get("/check")
def show(slug: str, event_id: int, part: str) -> ResponseReturnValue:
    """What Jira says by now, while it is being asked."""
    if polls.nothing_new(administered_organization_or_404(slug), Watched.CHOICES):
        return "", 204
    context = _context(_asked_or_404(slug, event_id, part))
    if request.args.get("seen") == context["proposal"].token:
        return "", 204
    return html_partial("history/_proposal.html", **context)


@bp.post("")
def create(slug: str, event_id: int, part: str) -> ResponseReturnValue:
    asked = _asked_or_404(slug, event_id, part)
    try:
        undo.undo(asked.organization, signed_in_user(), asked.event, asked.change, utcnow())
    except SettingsInvalid as invalid:
        return _refused(asked, " ".join(invalid.errors.values()), 422)
    except UnpackError as error:
        return _refused(asked, error.sentence, 409)
    db.session.commit()
    flash("Undone. The settings are being checked with Jira.", "ok")
    return redirect(url_for("history.index", slug=slug), 303)


def _refused(asked: Asked, sentence: str, status: int) -> ResponseReturnValue:
    """Nothing was saved. What stands now is shown."""
    db.session.rollback()
    return render_template("history/undo.html", **_context(asked, refused=sentence)), status


def _context(asked: Asked, refused: str = "") -> dict[str, Any]:
    organization, event, change = asked
    names = names_for(organization, [event])
    proposal = proposals.proposal_of(organization, event, change, names)
    return {
        "organization": organization,
        "event": event,
        "part": change.part,
        "proposal": proposal,
        "refused": refused,
    }


def _asked_or_404(slug: str, event_id: int, part: str) -> Asked:
    organization = administered_organization_or_404(slug)
    event = change_pages.event_of(organization, event_id)
    change = undo.undoable(event, part) if event else None
    if event is None or change is None:
        abort(404)
    return Asked(organization, event, change)
