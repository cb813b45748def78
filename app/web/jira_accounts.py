"""Which Jira account is a member's, chosen by hand: search, use, confirm, clear."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import JiraConnection, Organization
from app.services import people, people_lookups
from app.services.people_search import Found, search
from app.web.access import signed_in_user, writes
from app.web.partials import html_partial, wants_partial
from app.web.people import administered_connection, elsewhere, member_or_404

bp = Blueprint(
    "jira_accounts",
    __name__,
    url_prefix="/organizations/<slug>/settings/integrations/jira/people/<int:membership_id>/account",
)
LONGEST_QUERY = 200


@bp.get("")
@writes  # a search may refresh the access token
def edit(slug: str, membership_id: int) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    member_or_404(organization, membership_id)
    query = _query(request.args.get("query", ""))
    found = _search(connection, query) if query else None
    return _page(organization, connection, membership_id, query, found)


@bp.post("")
def update(slug: str, membership_id: int) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    member = member_or_404(organization, membership_id)
    query, generation = _query(request.form.get("query", "")), connection.generation
    found = _search(connection, query) if query else Found()
    account = found.account(request.form.get("account", ""))
    if account is None or connection.generation != generation:
        choose = None if found.trouble else "Choose one of the accounts."
        return _page(organization, connection, membership_id, query, found, choose), 422
    people.pick(connection, member.user_id, account.id, account.name, signed_in_user())
    words = f"{account.name} is now {member.user.name}’s account in Jira."
    return _done(slug, words)


@bp.post("/confirmation")
def confirm(slug: str, membership_id: int) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    member = member_or_404(organization, membership_id)
    try:
        people.confirm(connection, member.user_id, signed_in_user())
    except people.NothingToConfirm as error:
        flash(error.sentence, "warn")
        return redirect(url_for("people.index", slug=slug), 303)
    return _done(slug, f"{member.user.name}’s account is confirmed.")


@bp.post("/removal")
def destroy(slug: str, membership_id: int) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    member = member_or_404(organization, membership_id)
    people.clear(connection, member.user_id)
    return _done(slug, f"{member.user.name}’s account is cleared, and looked up again.")


def _query(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST_QUERY]


def _search(connection: JiraConnection, query: str) -> Found:
    project_key, connection_id = people_lookups.searched_project(connection), connection.id
    db.session.commit()  # no transaction stays open while Jira answers
    if project_key is None:
        return Found(trouble="Choose a Default Project first.")
    return search(connection_id, project_key, query)


def _page(
    organization: Organization,
    connection: JiraConnection,
    membership_id: int,
    query: str,
    found: Found | None,
    error: str | None = None,
) -> str:
    context: dict[str, Any] = {
        "organization": organization,
        "connection": connection,
        "member": member_or_404(organization, membership_id),
        "query": query,
        "found": found,
        "error": error,
    }
    if wants_partial():
        return html_partial("people/_found.html", **context)
    return render_template("people/edit.html", **context)


def _done(slug: str, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "ok")
    return redirect(url_for("people.index", slug=slug), 303)
