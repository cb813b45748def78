"""Organization Settings, Members: who is asked to join. The page is that of the members."""

import shlex

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.extensions import db, hidden, limiter
from app.models import Invitation, Role
from app.services.errors import UnpackError
from app.services.mail import outbox
from app.services.organizations import invitations
from app.web import members
from app.web.access import administered_organization_or_404, hold_people, signed_in_user
from app.web.members import InvitationForm

bp = Blueprint("invitations", __name__, url_prefix="/organizations/<slug>/settings/invitations")

E_MAILS_OF_ONE = "100 per hour"  # so that nobody floods other people's letter boxes


def _asked_for() -> str:
    return hidden(f"invitations of {current_user.get_id()}")


@bp.post("")
@limiter.limit(E_MAILS_OF_ONE, key_func=_asked_for)
def create(slug: str) -> ResponseReturnValue:
    """The same answer whether the address has an account or not."""
    organization = administered_organization_or_404(slug)
    form = InvitationForm.of(organization)
    if not form.validate():
        return members.page(organization, form), 422
    hold_people(organization)
    try:
        invitation = invitations.invite(
            organization,
            email=form.email.data,
            role=Role(form.role.data),
            team_ids=[int(form.team.data)] if form.team.data else [],
            by=signed_in_user(),
        )
    except UnpackError as error:
        form.email.errors = [error.sentence]
        return members.page(organization, form), 422
    db.session.commit()
    return _answer(slug, invitation, "Invitation sent to")


@bp.post("/<int:invitation_id>/renewal")
@limiter.limit(E_MAILS_OF_ONE, key_func=_asked_for)
def update(slug: str, invitation_id: int) -> ResponseReturnValue:
    invitation = _held_invitation_or_404(slug, invitation_id)
    invitations.send_again(invitation, signed_in_user())
    db.session.commit()
    return _answer(slug, invitation, "Invitation sent again to")


@bp.post("/<int:invitation_id>/removal")
def destroy(slug: str, invitation_id: int) -> ResponseReturnValue:
    invitation = _held_invitation_or_404(slug, invitation_id)
    address = invitation.email
    invitations.take_back(invitation, signed_in_user())
    db.session.commit()
    flash(f"The invitation of {address} is taken back.", "ok")
    return redirect(url_for("members.index", slug=slug), 303)


def _answer(slug: str, invitation: Invitation, words: str) -> ResponseReturnValue:
    if outbox.is_set_up():
        flash(f"{words} {invitation.email}.", "ok")
    else:
        command = shlex.join(["flask", "invitations", "link", slug, invitation.email])
        flash(
            f"{invitation.email} is invited, but this installation sends no e-mail. Whoever runs "
            f"it passes the link on to them: {command}",
            "warn",
        )
    return redirect(url_for("members.index", slug=slug), 303)


def _held_invitation_or_404(slug: str, invitation_id: int) -> Invitation:
    """As it stands while nobody else changes it, or the organization's people."""
    organization = administered_organization_or_404(slug)
    hold_people(organization)
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None or invitation.organization_id != organization.id:
        abort(404)
    if invitation.accepted_at is not None:
        abort(409, "It was accepted: the person is a member now.")
    return invitation
