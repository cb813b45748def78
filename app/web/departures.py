"""Leaving an organization by oneself."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import Membership
from app.services.departures import leaving
from app.web.access import organization_or_404, require
from app.web.departure_choices import choices_from_request, page
from app.web.shell import current_membership

bp = Blueprint("departures", __name__, url_prefix="/organizations/<slug>/departure")

OWNER_STAYS = "The Owner hands the organization to somebody else before leaving it."


@bp.get("")
def new(slug: str) -> ResponseReturnValue:
    return _page(_own_membership(slug))


@bp.post("")
def create(slug: str) -> ResponseReturnValue:
    membership = _own_membership(slug)
    name = membership.organization.name
    try:
        leaving.leave(membership, choices_from_request())
    except leaving.NotToBeChosen as error:
        db.session.rollback()
        return _page(_own_membership(slug), error.sentence), 422
    except leaving.AlreadyGone:
        db.session.rollback()
    db.session.commit()
    flash(f"You are no longer in {name}.", "ok")
    return redirect(url_for("home.index"), 303)


def _own_membership(slug: str) -> Membership:
    organization_or_404(slug)
    membership = current_membership()
    assert membership is not None
    require(not membership.role.owns, OWNER_STAYS)
    return membership


def _page(membership: Membership, error: str = "") -> str:
    return page("members/departure.html", membership, leaves="", error=error)
