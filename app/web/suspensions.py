"""Pausing syncing: a page that asks for the reason; and resuming it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.services.connection import suspension
from app.services.connection.suspension import ReasonMissing, ReasonTooLong
from app.services.errors import UnpackError
from app.services.grants.asking import usable_connection
from app.web.access import administered_organization_or_404, require_jira, signed_in_user

bp = Blueprint(
    "suspensions", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira/pause"
)


@bp.get("")
def new(slug: str) -> ResponseReturnValue:
    return _page(slug)


@bp.post("")
def create(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    require_jira(organization)
    reason = request.form.get("reason", "")
    try:
        suspension.suspend(organization, signed_in_user(), reason, utcnow())
    except (ReasonMissing, ReasonTooLong) as error:
        return _page(slug, reason, error.sentence)
    except UnpackError as error:
        flash(error.sentence, "busy")
        return _back(slug)
    db.session.commit()
    flash("Syncing is paused. Action items wait; nothing is lost.", "ok")
    return _back(slug)


@bp.post("/removal")
def destroy(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    try:
        resumed = suspension.resume(organization, signed_in_user(), utcnow())
    except UnpackError as error:
        flash(error.sentence, "busy")
        return _back(slug)
    db.session.commit()
    said = "Syncing goes on. What waited goes out now." if resumed else "Syncing was not paused."
    flash(said, "ok" if resumed else "busy")
    return _back(slug)


def _page(slug: str, reason: str = "", error: str = "") -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    require_jira(organization)
    connection = usable_connection(organization)
    if connection is None or connection.suspended:
        return _back(slug)
    page = render_template(
        "suspensions/new.html",
        organization=organization,
        connection=connection,
        reason=reason,
        error=error,
        longest=suspension.LONGEST_REASON,
    )
    return (page, 422) if error else page


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("jira_settings.edit", slug=slug), 303)
