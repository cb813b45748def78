"""The People page of the Jira settings: members and the Jira accounts that were found."""

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, Membership, Organization
from app.services.connection import cards
from app.services.grants.asking import usable_connection
from app.services.labels import plural
from app.services.owed import metadata_reads
from app.services.people import members, substitute
from app.services.people.members import Shown
from app.services.pulses import Watched
from app.web import polls
from app.web.access import administered_organization_or_404
from app.web.one_moment import only_read_from_now_on
from app.web.partials import html_partial, partial_or_redirect

bp = Blueprint(
    "people", __name__, url_prefix="/organizations/<slug>/settings/integrations/jira/people"
)

TEXT_LIMIT = 200
SEARCH = "people-search"


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    card = cards.card_of(organization, utcnow())
    return render_template("people/index.html", card=card, **_context(organization, connection))


@bp.get("/list")
def show(slug: str) -> ResponseReturnValue:
    if polls.nothing_new(administered_organization_or_404(slug), Watched.CHOICES, Watched.PEOPLE):
        return "", 204
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    context = _context(organization, connection)
    found = context["people"]
    settled = "" if found.looking else f"{found.matched} of {len(found.members)} are matched."
    if request.headers.get("HX-Trigger") == SEARCH:
        return _searched(organization, context)
    return html_partial("people/_list.html", announce=settled, **context)


def _searched(organization: Organization, context: dict[str, Any]) -> ResponseReturnValue:
    """The list for what was typed, with the address of the page that shows the same."""
    number = len(context["people"].of(context["shown"], context["text"]))
    answer = make_response(
        html_partial("people/_list.html", announce=plural(number, "member"), **context)
    )
    page = url_for("people.index", slug=organization.slug, **context["place"])
    answer.headers["HX-Replace-Url"] = page
    return answer


@bp.post("/look-ups")
def look_up(slug: str) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    if "unknown" in request.form:
        metadata_reads.want_people(connection, utcnow())
    else:
        members.look_again(connection)
    return _looking(organization, connection)


@bp.post("/<int:membership_id>/look-ups")
def look_up_one(slug: str, membership_id: int) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    members.look_again(connection, member_or_404(organization, membership_id).user_id)
    return _looking(organization, connection)


@bp.app_template_global()
def people_section(organization: Organization) -> members.People:
    """What the section of the settings page is drawn from. The organization is connected."""
    connection = organization.connection
    assert connection is not None
    return members.people_of(connection)


def administered_connection(slug: str) -> tuple[Organization, JiraConnection | None]:
    """The organization, for its admins; the connection only where the plan lets it be used."""
    organization = administered_organization_or_404(slug)
    return organization, usable_connection(organization)


def member_or_404(organization: Organization, membership_id: int) -> Membership:
    """A membership of this organization."""
    membership = db.session.get(Membership, membership_id)
    if membership is None or membership.organization_id != organization.id:
        abort(404)
    return membership


def elsewhere(slug: str) -> ResponseReturnValue:
    """Without a connection there are no accounts to look at."""
    return redirect(url_for("integrations.index", slug=slug), 303)


def _looking(organization: Organization, connection: JiraConnection) -> ResponseReturnValue:
    db.session.commit()
    only_read_from_now_on()
    return partial_or_redirect(
        "people/_list.html",
        url_for("people.index", slug=organization.slug),
        announce="Looking for accounts in Jira.",
        **_context(organization, connection),
    )


def _context(organization: Organization, connection: JiraConnection) -> dict[str, Any]:
    asked = request.args.get("shown", "all")
    shown = Shown(asked) if asked in set(Shown) else Shown.ALL
    text = request.args.get("q", "").strip()[:TEXT_LIMIT]
    return {
        "organization": organization,
        "connection": connection,
        "people": members.people_of(connection),
        "substitute": substitute.chosen_name(connection),
        "shown": shown,
        "text": text,
        "place": {"shown": shown.value if shown is not Shown.ALL else None, "q": text or None},
    }
