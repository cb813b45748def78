"""Accepting an invitation, by the link that its address got."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired

from app.clock import utcnow
from app.extensions import db
from app.models import Invitation, Organization
from app.services.organizations import accounts, invitations, one_time_links, permissions
from app.services.organizations.password_rules import PasswordRefused
from app.web import proofs, sessions
from app.web.access import public, signed_in_user
from app.web.fields import name_field

bp = Blueprint("acceptances", __name__)


class NewPersonForm(FlaskForm):  # type: ignore[misc]
    name = name_field("Your name", "Enter your name.")
    password = PasswordField("Password", [InputRequired("Choose a password.")])
    time_zone = HiddenField()


@bp.get("/invitations/<token>")
@public
def follow(token: str) -> ResponseReturnValue:
    """Keep the link's token in the session, so that it leaves the address at once."""
    session[sessions.INVITATION] = token
    answer = redirect(url_for("acceptances.new"), 303)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.get("/invitation")
@public
def new() -> ResponseReturnValue:
    invitation = _invitation()
    if invitation is not None and _leads_home(invitation):
        return redirect(_home(invitation.organization), 303)
    if invitation is None or not invitations.is_open(invitation, utcnow()):
        return render_template("acceptances/ended.html"), 410
    return _page(invitation, NewPersonForm())


@bp.post("/invitation")
@public
def create() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return _accept()
    invitation, form = _invitation(), NewPersonForm()
    if invitation is None or not invitations.is_open(invitation, utcnow()):
        return redirect(url_for("acceptances.new"), 303)
    if not form.validate():
        return _page(invitation, form), 422
    return _accept_as_new(invitation, form)


@bp.post("/invitation/sign-out")
def sign_out() -> ResponseReturnValue:
    """For whom it was not sent to: the link stays open in this browser."""
    token = session.get(sessions.INVITATION)
    sessions.end()
    db.session.commit()
    if token:
        session[sessions.INVITATION] = token
    return redirect(url_for("acceptances.new"), 303)


def _accept() -> ResponseReturnValue:
    try:
        membership = invitations.accept(_token(), signed_in_user())
    except (invitations.InvitationEnded, invitations.InvitationOfAnother):
        db.session.rollback()
        return redirect(url_for("acceptances.new"), 303)
    db.session.commit()
    return _welcome(membership.organization)


def _accept_as_new(invitation: Invitation, form: NewPersonForm) -> ResponseReturnValue:
    try:
        invitations.refuse_weak(invitation, form.name.data, form.password.data)
    except PasswordRefused as error:
        form.password.errors = [error.sentence]
        return _page(invitation, form), 422
    hashed = proofs.hash_of(invitation.email, form.password.data)
    try:
        user = invitations.accept_as_new(_token(), form.name.data, hashed)
    except (invitations.InvitationEnded, invitations.AccountExists):
        db.session.rollback()
        return redirect(url_for("acceptances.new"), 303)
    accounts.remember_time_zone(user, form.time_zone.data or "")
    sessions.begin(user)
    db.session.commit()
    return _welcome(invitation.organization)


def _welcome(organization: Organization) -> ResponseReturnValue:
    flash(f"You are now in {organization.name}.", "ok")
    return redirect(_home(organization), 303)


def _home(organization: Organization) -> str:
    return url_for("home.show", slug=organization.slug)


def _leads_home(invitation: Invitation) -> bool:
    """Whoever has accepted it finds the membership, after signing in if need be."""
    if invitation.accepted_at is None:
        return False
    if not current_user.is_authenticated:
        return True
    return permissions.membership_in(signed_in_user(), invitation.organization_id) is not None


def _token() -> str:
    token: str = session.get(sessions.INVITATION, "")
    return token


def _invitation() -> Invitation | None:
    return one_time_links.invitation_of(_token())


def _page(invitation: Invitation, form: NewPersonForm) -> str:
    return render_template(
        f"acceptances/{_who(invitation)}.html",
        form=form,
        invitation=invitation,
        organization=invitation.organization,
        team_names=[t.name for t in invitation.organization.teams if t.id in invitation.team_ids],
    )


def _who(invitation: Invitation) -> str:
    """Who looks at it, as the name of a page: it never tells a stranger whom it was for."""
    if current_user.is_authenticated:
        return "signed_in" if current_user.email == invitation.email else "of_another"
    known = accounts.find_by_email(invitation.email) is not None
    return "has_account" if known else "new_person"
