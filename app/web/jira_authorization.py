"""To Atlassian's consent page and back. The order in the callback is the point: read, commit,
ask Atlassian, then look again whether the person may still do this, write, commit.
"""

import hmac
import logging
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_secret
from app.models import JiraConnection, Organization
from app.services.backfill import past_items
from app.services.connection import card_words, connect, consent
from app.services.connection.consent import ConnectingFailed
from app.services.errors import PlanWithoutJira
from app.services.organizations import permissions
from app.services.settings.drafts import mappings_on_site
from app.web.access import (
    administered_organization_or_404,
    require,
    require_jira,
    signed_in_user,
    writes,
)

bp = Blueprint("jira_authorization", __name__)
log = logging.getLogger(__name__)

SESSION_KEY = "jira_authorization"
SUPERSEDED = "jira_authorizations_before"  # states of sign-ins that a newer one has replaced
SUPERSEDED_KEPT = 5
STATE_LASTS = 600  # seconds


_NOT_UNDER_WAY = (
    "This answer from Atlassian belongs to no sign-in that is under way here: it was used before, "
    "took too long or was begun elsewhere. Nothing was connected."
)
_A_NEWER_ONE = (
    "A newer sign-in at Atlassian was started after this one, perhaps in another tab. Go on with "
    "the newer one; this one has connected nothing."
)


class Asked(NamedTuple):
    """Who set out for Atlassian, and for which organization."""

    organization_id: int
    user_id: int


@bp.get("/organizations/<slug>/settings/integrations/jira/authorization")
def new(slug: str) -> ResponseReturnValue:
    """A link, not a form: the policy for forms would forbid the redirect to Atlassian."""
    organization = administered_organization_or_404(slug)
    require_jira(organization)
    require(consent.is_set_up(), "This installation has no Atlassian app yet.")
    if _would_lose_the_session():
        public_url = current_app.config["PUBLIC_URL"]
        return render_template(
            "integrations/other_host.html",
            organization=organization,
            public_url=public_url,
            there=urljoin(public_url, url_for("integrations.index", slug=slug)),
        )
    state = new_secret()
    if before := session.get(SESSION_KEY):
        session[SUPERSEDED] = [*_superseded(), before["state"]][-SUPERSEDED_KEPT:]
    session[SESSION_KEY] = {
        "state": state,
        "organization_id": organization.id,
        "user_id": signed_in_user().id,
        "expires_at": utcnow().timestamp() + STATE_LASTS,
    }
    return redirect(consent.authorization_url(state), 303)


@bp.get("/integrations/jira/callback")
@writes
def callback() -> ResponseReturnValue:
    started: dict[str, Any] = session.get(SESSION_KEY) or {}
    try:
        asked = _asked(started)
        code = _code()
        db.session.commit()  # no transaction stays open while Atlassian answers
        granted = consent.redeem(code)
        organization = _organization(asked)
        connection = connect.settle(organization, signed_in_user(), granted)
        slug, words = organization.slug, connected_words(connection) if connection else ""
        db.session.commit()
    except ConnectingFailed as error:
        return _failed(error, started)
    if connection is None:
        return redirect(url_for("jira_site.edit", slug=slug), 303)
    flash(words, "ok")
    return redirect(url_for("jira_settings.edit", slug=slug), 303)


def connected_words(connection: JiraConnection) -> str:
    """What the banner says."""
    left = past_items.ready_count(connection.organization)
    chosen = bool(mappings_on_site(connection))
    return card_words.connected(
        connection.site_host,
        chosen=chosen,
        without_issue=left,
        on_hold=connection.on_hold,
        suspended=connection.suspended,
    )


def _would_lose_the_session() -> bool:
    """Whether the browser is at another host than the one that Atlassian sends it back to: there it
    has another session. A proxy may hide from us where it is; then its own word counts, too.
    """
    there = urlsplit(current_app.config["PUBLIC_URL"]).hostname
    seen = (f"//{request.host}", request.referrer or "")
    return there not in {urlsplit(address).hostname for address in seen}


def _asked(started: dict[str, Any]) -> Asked:
    """Check the one-time state against the session and the person, and use it up.

    An answer that is not the one awaited leaves the one that is: it may come from another tab.
    """
    given, expected = request.args.get("state", ""), str(started.get("state", ""))
    if not (expected and hmac.compare_digest(given.encode(), expected.encode())):
        raise ConnectingFailed(_A_NEWER_ONE if given in _superseded() else _NOT_UNDER_WAY)
    session.pop(SESSION_KEY)
    fresh = utcnow().timestamp() < float(started.get("expires_at", 0))
    if not (fresh and started.get("user_id") == signed_in_user().id):
        raise ConnectingFailed(_NOT_UNDER_WAY)
    return Asked(int(started["organization_id"]), int(started["user_id"]))


def _superseded() -> list[str]:
    return list(session.get(SUPERSEDED, []))


def _code() -> str:
    if request.args.get("error") == "access_denied":
        raise ConnectingFailed("Access was declined at Atlassian. Nothing was connected.")
    code = request.args.get("code", "")
    if request.args.get("error") or not code:
        raise ConnectingFailed("Atlassian did not grant access. Nothing was connected.")
    return code


def _organization(asked: Asked) -> Organization:
    """The organization, if the person may still connect it: minutes have passed at Atlassian."""
    membership = permissions.membership_in(signed_in_user(), asked.organization_id)
    if membership is None or not permissions.may_administer(membership):
        raise ConnectingFailed(
            "Only an Owner or Admin connects Jira, and your role has changed meanwhile. Nothing "
            "was connected."
        )
    if not membership.organization.plan.includes_jira:
        raise ConnectingFailed(
            f"{membership.organization.name} went to Free meanwhile. {PlanWithoutJira.sentence} "
            "Nothing was connected."
        )
    return membership.organization


def _failed(error: ConnectingFailed, started: dict[str, Any]) -> ResponseReturnValue:
    """Back to where the person came from, as far as they may still be there."""
    db.session.rollback()
    user, organization_id = signed_in_user(), started.get("organization_id", 0)
    log.warning(
        "connecting failed",
        extra={"organization_id": organization_id, "user_id": user.id, "error": error.sentence},
    )
    flash(error.sentence, "bad")
    membership = permissions.membership_in(user, organization_id)
    if membership is None or not permissions.may_administer(membership):
        return redirect(url_for("home.index"), 303)
    return redirect(url_for("integrations.index", slug=membership.organization.slug), 303)
