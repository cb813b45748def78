"""Signing in with an account at the identity provider of the installation."""

from flask import Blueprint, abort, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.extensions import db, limiter
from app.models import User
from app.services.organizations import single_sign_on
from app.services.organizations.single_sign_on import NotVouchedFor, Vouched
from app.web import identity_provider, sessions
from app.web.access import public, writes

bp = Blueprint("single_sign_on", __name__)

# Each asks the provider, whose patience is everybody's: a whole office may sit behind one address.
SIGN_INS_OF_NETWORK = "60 per minute"


@bp.get("/sign-in/single-sign-on")
@public
@limiter.limit(SIGN_INS_OF_NETWORK)
def new() -> ResponseReturnValue:
    """A link, not a form: the policy for forms would forbid the redirect to the provider.

    Followed from another site it leads to our button, or that site could sign people in here.
    """
    _require_provider()
    if current_user.is_authenticated:
        return redirect(url_for("home.index"), 303)
    destination = sessions.safe_destination(request.args.get("next"))
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return redirect(url_for("sessions.new", next=destination), 303)
    db.session.rollback()  # no transaction stays open while the provider answers
    try:
        there = identity_provider.authorization_url(callback_url(), destination)
    except NotVouchedFor as error:
        return _refused(error, destination)
    return redirect(there, 303)


@bp.get("/sign-in/single-sign-on/callback")
@public
@writes
@limiter.limit(SIGN_INS_OF_NETWORK)
def callback() -> ResponseReturnValue:
    _require_provider()
    destination = identity_provider.destination()
    db.session.rollback()
    try:
        who = identity_provider.who_came_back()
        domains = current_app.config["OIDC_DOMAINS"]
        user = single_sign_on.account_of(who, domains)
    except NotVouchedFor as error:
        db.session.rollback()
        return _refused(error, destination)
    sessions.begin(user)
    db.session.commit()
    _tell_other_address(user, who)
    return redirect(_after(destination), 303)


def callback_url() -> str:
    """What the operator registers at the provider."""
    return f"{current_app.config['PUBLIC_URL']}/sign-in/single-sign-on/callback"


def _require_provider() -> None:
    if not identity_provider.is_set_up():
        abort(404)


def _after(destination: str) -> str:
    """An invitation that was followed in this browser comes first."""
    if sessions.INVITATION in session:
        return url_for("acceptances.new")
    return sessions.safe_destination(destination)


def _tell_other_address(user: User, who: Vouched) -> None:
    if who.email and who.email != user.email:
        flash(
            f"{identity_provider.name()} knows you as {who.email}. Here you are still "
            f"{user.email}; your account page changes that.",
            "warn",
        )


def _refused(error: NotVouchedFor, destination: str) -> ResponseReturnValue:
    flash(error.sentence, "bad")
    return redirect(url_for("sessions.new", next=destination or None), 303)
