"""Disconnecting Jira: a page that says what happens, then it happens."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.services.connection import disconnect
from app.services.connection.cards import counts_of
from app.services.errors import JiraNotConnected
from app.web.access import administered_organization_or_404, signed_in_user

bp = Blueprint(
    "jira_disconnection",
    __name__,
    url_prefix="/organizations/<slug>/settings/integrations/jira/disconnection",
)


@bp.get("")
def new(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    connection = organization.connection
    if connection is None or not connection.holds_grant:
        return redirect(url_for("integrations.index", slug=slug), 303)
    return render_template(
        "jira_disconnection/new.html",
        organization=organization,
        connection=connection,
        counts=counts_of(organization, connection, utcnow()),
    )


@bp.post("")
def create(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    try:
        farewell = disconnect.begin(organization, signed_in_user())
    except JiraNotConnected as error:
        flash(error.sentence, "busy")
        return redirect(url_for("integrations.index", slug=slug), 303)
    db.session.commit()  # from here on nothing is sent, and no transaction is open
    disconnect.delete_webhooks(farewell)
    disconnect.finish(farewell)
    db.session.commit()
    flash("Jira is disconnected. Issues stay in Jira, and keys keep linking to them.", "ok")
    return redirect(url_for("integrations.index", slug=slug), 303)
