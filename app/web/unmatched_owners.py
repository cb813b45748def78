"""Who gets the issues of owners that are not matched: nobody, or an account that is chosen."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import Organization
from app.services.people import substitute
from app.services.people.account_search import FoundAccounts
from app.web import account_search
from app.web.access import signed_in_user, writes
from app.web.people import administered_connection, elsewhere

bp = Blueprint(
    "unmatched_owners",
    __name__,
    url_prefix="/organizations/<slug>/settings/integrations/jira/people/unmatched-owners",
)


@bp.post("")
def update(slug: str) -> ResponseReturnValue:
    _, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    meaning = request.form.get("meaning")
    if meaning == "person":
        chosen = substitute.chosen_name(connection)
        return _back(slug) if chosen else redirect(url_for("unmatched_owners.edit", slug=slug), 303)
    if meaning != "nobody":
        abort(400)
    substitute.leave_unassigned(connection, signed_in_user())
    db.session.commit()
    flash("From now on, issues whose owner is not matched are left unassigned.", "ok")
    return _back(slug)


@bp.get("/account")
@account_search.limited
@writes  # a search may refresh the access token
def edit(slug: str) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    query = account_search.asked()
    return _page(organization, query, account_search.found_by(connection, query))


@bp.post("/account")
@account_search.limited
def choose(slug: str) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    generation, chosen = connection.generation, account_search.chosen(connection)
    if chosen.account is None:
        return _page(organization, chosen.query, chosen.found, chosen.error), 422
    account, by = chosen.account, signed_in_user()
    try:
        substitute.choose(connection, generation, account.id, account.name, by)
    except substitute.ConnectionChanged as error:
        db.session.rollback()
        return _page(organization, chosen.query, chosen.found, error.sentence), 422
    db.session.commit()
    flash(f"From now on, issues whose owner is not matched go to {account.name}.", "ok")
    return _back(slug)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("people.index", slug=slug, _anchor="nobody"), 303)


def _page(
    organization: Organization, query: str, found: FoundAccounts | None, error: str | None = None
) -> str:
    here = url_for("unmatched_owners.edit", slug=organization.slug)
    return account_search.page(
        organization, "Who gets an issue when nobody matches", here, query, found, error
    )
