"""The choice of a site, while a grant waits for it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import Organization, PendingGrant
from app.services.connection import connect
from app.services.connection.cards import counts_of
from app.services.connection.consent import ConnectingFailed, Site
from app.web.access import administered_organization_or_404, require, require_jira, signed_in_user
from app.web.jira_authorization import connected_words

bp = Blueprint("jira_site", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira")

EXPIRED = "This sign-in at Atlassian has expired or was cancelled. Connect again."


@bp.get("/site")
def edit(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    pending = connect.waiting_grant(organization)
    if pending is None:
        return _expired(slug)
    _require_own(pending)
    sites = connect.sites_of(pending)
    if len(sites) == 1:
        return redirect(url_for(".confirm", slug=slug, cloud_id=sites[0].cloud_id), 303)
    return _chooser(organization, pending)


@bp.get("/site/<cloud_id>")
def confirm(slug: str, cloud_id: str) -> ResponseReturnValue:
    """Says what happens to settings and links when another site takes the old one's place."""
    organization = administered_organization_or_404(slug)
    pending = connect.waiting_grant(organization)
    if pending is None:
        return _expired(slug)
    _require_own(pending)
    site = _site(pending, cloud_id)
    connection = organization.connection
    if site is None or connection is None:
        return redirect(url_for(".edit", slug=slug), 303)
    return render_template(
        "jira_site/confirm.html",
        organization=organization,
        connection=connection,
        pending=pending,
        site=site,
        counts=counts_of(organization, connection, utcnow()),
    )


@bp.post("/site")
def update(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    require_jira(organization)
    pending = connect.waiting_grant(organization)
    if pending is None:
        return _expired(slug)
    _require_own(pending)
    site = _site(pending, request.form.get("site", ""))
    if site is None:
        return _chooser(organization, pending, "Choose one of these sites."), 422
    if connect.replaces(organization, site) and "confirmed" not in request.form:
        return redirect(url_for(".confirm", slug=slug, cloud_id=site.cloud_id), 303)
    try:
        connection = connect.choose_site(organization, signed_in_user(), site)
    except ConnectingFailed:
        return _expired(slug)
    flash(connected_words(connection), "ok")
    db.session.commit()
    return redirect(url_for("jira_settings.edit", slug=slug), 303)


@bp.post("/pending-grant/removal")
def destroy(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    connect.cancel(organization)
    db.session.commit()
    flash("The sign-in at Atlassian was cancelled. Nothing was connected.", "busy")
    return redirect(url_for("integrations.index", slug=slug), 303)


def _chooser(organization: Organization, pending: PendingGrant, error: str = "") -> str:
    connection = organization.connection
    return render_template(
        "jira_site/edit.html",
        organization=organization,
        pending=pending,
        sites=connect.sites_of(pending),
        connected_cloud_id=connection.cloud_id if connection and connection.holds_grant else "",
        error=error,
    )


def _site(pending: PendingGrant, cloud_id: str) -> Site | None:
    return next((one for one in connect.sites_of(pending) if one.cloud_id == cloud_id), None)


def _require_own(pending: PendingGrant) -> None:
    require(
        pending.user_id == signed_in_user().id,
        f"Only {pending.user.name}, who signed in at Atlassian, can choose the site.",
    )


def _expired(slug: str) -> ResponseReturnValue:
    db.session.rollback()
    flash(EXPIRED, "bad")
    return redirect(url_for("integrations.index", slug=slug), 303)
