"""Integrations of an organization: the Jira card, and how to set it up."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.services.connection import card_words, cards, consent
from app.web.access import administered_organization_or_404, signed_in_user

bp = Blueprint("integrations", __name__)


@bp.get("/organizations/<slug>/settings/integrations")
def index(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    card = cards.card_of(organization, utcnow())
    return render_template(
        "integrations/index.html",
        organization=organization,
        card=card,
        said=card_words.words_of(card, organization.name, signed_in_user().id),
    )


@bp.get("/organizations/<slug>/settings/integrations/jira/setup")
def setup(slug: str) -> ResponseReturnValue:
    return render_template(
        "integrations/setup.html",
        organization=administered_organization_or_404(slug),
        is_set_up=consent.is_set_up(),
        callback_url=consent.callback_url(),
        scopes=consent.SCOPES,
    )
