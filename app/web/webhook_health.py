"""Whether Jira's webhooks arrive, for the settings page, and the test that finds out."""

from functools import partial

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import JiraConnection, Organization
from app.services.pulses import Watched
from app.services.webhooks import health as webhooks_health
from app.services.webhooks import health_facts, health_words, webhook_tests
from app.web import polls
from app.web.access import administered_organization_or_404
from app.web.jira_choices import connected
from app.web.one_moment import only_read_from_now_on
from app.web.partials import html_partial, wants_partial

bp = Blueprint(
    "webhook_health", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira"
)

_SHOWN = (Watched.CHOICES, Watched.WEBHOOK)


@bp.get("/webhook")
def show(slug: str) -> ResponseReturnValue:
    """The health of the webhook, once something in it has changed."""
    watched = administered_organization_or_404(slug)
    if wants_partial() and polls.nothing_new(watched, *_SHOWN):
        return "", 204
    organization, connection = connected(slug)
    if not wants_partial():
        return _page(slug)
    health = health_facts.health_of(connection)
    if request.args.get("seen") == health.token:
        return "", 204
    said = webhooks_health.news(health, request.args.get("awaited", ""))
    return _fragment(organization, connection, said)


@bp.post("/webhook/tests")
def create(slug: str) -> ResponseReturnValue:
    """Send test: a job writes on a linked issue, and Jira's report of it is waited for."""
    organization, connection = connected(slug)
    webhook_tests.request(connection)
    db.session.commit()
    only_read_from_now_on()
    return _fragment(organization, connection) if wants_partial() else _page(slug)


def _page(slug: str) -> ResponseReturnValue:
    return redirect(url_for("jira_settings.edit", slug=slug, _anchor="webhooks"), 303)


def _fragment(organization: Organization, connection: JiraConnection, said: str = "") -> str:
    return html_partial(
        "jira_settings/_webhook_health.html",
        announce=said,
        organization=organization,
        health_of=partial(health_facts.health_of, connection),
        health_words=health_words.words_of,
    )
