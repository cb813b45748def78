"""Which Jira account is a member's, chosen by hand: search, use, confirm, clear."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import Organization
from app.services.people import members
from app.services.people.account_search import FoundAccounts
from app.web import account_search
from app.web.access import signed_in_user, writes
from app.web.people import administered_connection, elsewhere, member_or_404

bp = Blueprint(
    "jira_accounts",
    __name__,
    url_prefix="/organizations/<slug>/settings/integrations/jira/people/<int:membership_id>/account",
)


@bp.get("")
@account_search.limited
@writes  # a search may refresh the access token
def edit(slug: str, membership_id: int) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    member_or_404(organization, membership_id)
    query = account_search.asked()
    return _page(organization, membership_id, query, account_search.found_by(connection, query))


@bp.post("")
@account_search.limited
def update(slug: str, membership_id: int) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    member_or_404(organization, membership_id)
    generation, chosen = connection.generation, account_search.chosen(connection)
    account = chosen.account if connection.generation == generation else None
    if account is None:
        return _page(organization, membership_id, chosen.query, chosen.found, chosen.error), 422
    member = member_or_404(organization, membership_id)
    late = members.pick(connection, member.user_id, account.id, account.name, signed_in_user())
    words = f"{account.name} is now {member.user.name}’s account in Jira."
    return _done(slug, f"{words} {_follow(late)}".rstrip())


@bp.post("/confirmation")
def confirm(slug: str, membership_id: int) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    member = member_or_404(organization, membership_id)
    try:
        members.confirm(connection, member.user_id, signed_in_user())
    except members.NothingToConfirm as error:
        flash(error.sentence, "warn")
        return redirect(url_for("people.index", slug=slug), 303)
    return _done(slug, f"{member.user.name}’s account is confirmed.")


@bp.post("/removal")
def destroy(slug: str, membership_id: int) -> ResponseReturnValue:
    organization, connection = administered_connection(slug)
    if connection is None:
        return elsewhere(slug)
    member = member_or_404(organization, membership_id)
    members.clear(connection, member.user_id, signed_in_user())
    return _done(slug, f"{member.user.name}’s account is cleared, and looked up again.")


def _page(
    organization: Organization,
    membership_id: int,
    query: str,
    found: FoundAccounts | None,
    error: str | None = None,
) -> str:
    member = member_or_404(organization, membership_id)
    here = url_for("jira_accounts.edit", slug=organization.slug, membership_id=member.id)
    heading = f"Jira account for {member.user.name}"
    return account_search.page(organization, heading, here, query, found, error)


def _follow(late: int) -> str:
    """What becomes of issues that went out before the account was known."""
    if not late:
        return ""
    issues = "1 issue follows" if late == 1 else f"{late} issues follow"
    return f"{issues}, unless somebody else was assigned in Jira."


def _done(slug: str, words: str) -> ResponseReturnValue:
    db.session.commit()
    flash(words, "ok")
    return redirect(url_for("people.index", slug=slug), 303)
