"""Organization Settings, Members: who is in the organization, in which role."""

from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, Length

from app.clock import utcnow
from app.extensions import db
from app.models import Invitation, Membership, Organization, Role
from app.services.departures import leaving
from app.services.mail import link_letters, outbox
from app.services.organizations import invitations, memberships, ownership, passwords, teams
from app.services.organizations.invitation_words import (
    InvitationFacts,
    InvitationState,
    state_of,
)
from app.services.sign_in import guesses
from app.web import departure_choices, proofs
from app.web.access import (
    administered_organization_or_404,
    hold_people,
    require,
    signed_in_user,
)
from app.web.shell import current_membership

bp = Blueprint("members", __name__, url_prefix="/organizations/<slug>/settings/members")

ROLES = [SelectChoice(role.value, role.value.capitalize()) for role in (Role.MEMBER, Role.ADMIN)]


class InvitationForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        "E-mail",
        [
            DataRequired("Enter an e-mail address."),
            Length(max=254, message="An e-mail address has at most 254 characters."),
        ],
    )
    role = SelectField("Role", choices=ROLES, default=Role.MEMBER.value)
    team = SelectField("Team", default="")

    @classmethod
    def of(cls, organization: Organization) -> "InvitationForm":
        form = cls()
        teams = [
            SelectChoice(str(team.id), team.name)
            for team in organization.teams
            if not team.archived
        ]
        form.team.choices = [SelectChoice("", "No team yet"), *teams]
        return form


class Invited(NamedTuple):
    """A line of the invitations."""

    row: Invitation
    team_names: list[str]
    state: InvitationState


class OwnPasswordForm(FlaskForm):  # type: ignore[misc]
    own_password = PasswordField("Your password", [InputRequired("Enter your password.")])


class RoleForm(FlaskForm):  # type: ignore[misc]
    role = SelectField("Role", choices=ROLES)


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    return page(organization, InvitationForm.of(organization))


@bp.post("/<int:membership_id>/role")
def update(slug: str, membership_id: int) -> ResponseReturnValue:
    membership = _member_or_404(slug, membership_id)
    form = RoleForm()
    require(form.validate(), "Choose Admin or Member.")
    hold_people(membership.organization)
    require(membership.role is not Role.OWNER, memberships.OwnerStays.sentence)
    memberships.change_role(membership, Role(form.role.data), signed_in_user())
    db.session.commit()
    if membership.user_id == signed_in_user().id and not membership.role.administers:
        return redirect(url_for("home.show", slug=slug), 303)
    flash(f"{membership.user.name} is now {_with_article(membership.role)}.", "ok")
    return redirect(url_for("members.index", slug=slug), 303)


@bp.get("/<int:membership_id>/removal")
def confirm_removal(slug: str, membership_id: int) -> ResponseReturnValue:
    return _removal(_removable_or_404(slug, membership_id))


@bp.post("/<int:membership_id>/removal")
def destroy(slug: str, membership_id: int) -> ResponseReturnValue:
    membership = _removable_or_404(slug, membership_id)
    name, own = membership.user.name, membership.user_id == signed_in_user().id
    hold_people(membership.organization)
    try:
        leaving.remove(membership, signed_in_user(), departure_choices.choices_from_request())
    except leaving.NotToBeChosen as error:
        db.session.rollback()
        return _removal(_removable_or_404(slug, membership_id), error.sentence), 422
    except leaving.AlreadyGone:
        db.session.rollback()
    db.session.commit()
    if own:
        return redirect(url_for("home.index"), 303)
    flash(f"{name} is no longer a member.", "ok")
    return redirect(url_for("members.index", slug=slug), 303)


@bp.get("/<int:membership_id>/ownership")
def confirm_ownership(slug: str, membership_id: int) -> ResponseReturnValue:
    return _ownership(_heir_or_404(slug, membership_id), OwnPasswordForm())


@bp.post("/<int:membership_id>/ownership")
def transfer(slug: str, membership_id: int) -> ResponseReturnValue:
    membership, owner = _heir_or_404(slug, membership_id), signed_in_user()
    form = OwnPasswordForm()
    if not form.validate():
        return _ownership(membership, form), 422
    try:
        own = proofs.of_own_password(owner)
        ownership.hand_over(
            membership, owner, proofs.matched_hash(own, owner.email, form.own_password.data)
        )
    except passwords.PasswordWrong as error:
        form.own_password.errors = [error.sentence]
        return _ownership(membership, form), 422
    except guesses.TooManyGuesses as error:
        form.own_password.errors = [f"{error.sentence} Try again {proofs.when(error)}."]
        return _ownership(membership, form), 429
    db.session.commit()
    flash(f"{membership.user.name} is now the Owner, and you are an Admin.", "ok")
    return redirect(url_for("members.index", slug=slug), 303)


def page(organization: Organization, form: InvitationForm) -> str:
    """The members and the invitations, with the form that invites."""
    ranks = list(Role)
    rows = sorted(organization.memberships, key=lambda m: (ranks.index(m.role), m.user.name))
    return render_template(
        "members/index.html",
        organization=organization,
        members=rows,
        teams_of=teams.by_person(organization),
        invitations=_invitations(organization),
        form=form,
        roles=ROLES,
        owns=_owns(),
        sends_mail=outbox.is_set_up(),
    )


def _member_or_404(slug: str, membership_id: int) -> Membership:
    organization = administered_organization_or_404(slug)
    membership = db.session.get(Membership, membership_id)
    if membership is None or membership.organization_id != organization.id:
        abort(404)
    return membership


def _removable_or_404(slug: str, membership_id: int) -> Membership:
    membership = _member_or_404(slug, membership_id)
    require(not membership.role.owns, memberships.OwnerStays.sentence)
    return membership


def _removal(membership: Membership, error: str = "") -> str:
    name = membership.user.name
    return departure_choices.page("members/removal.html", membership, leaves=name, error=error)


def _heir_or_404(slug: str, membership_id: int) -> Membership:
    """An Admin, for the Owner."""
    membership = _member_or_404(slug, membership_id)
    require(_owns(), memberships.OwnerOnly.sentence)
    require(membership.role is Role.ADMIN, ownership.NotAdmin.sentence)
    return membership


def _ownership(membership: Membership, form: OwnPasswordForm) -> str:
    return render_template(
        "members/ownership.html", member=membership, form=form, sends_mail=outbox.is_set_up()
    )


def _owns() -> bool:
    membership = current_membership()
    return membership is not None and membership.role is Role.OWNER


def _with_article(role: Role) -> str:
    return "an Admin" if role is Role.ADMIN else "a Member"


def _invitations(organization: Organization) -> list[Invited]:
    now, waiting = utcnow(), invitations.find_waiting(organization)
    unsent = link_letters.unsent_invitations(waiting)
    return [
        Invited(
            row,
            [team.name for team in organization.teams if team.id in row.team_ids],
            state_of(
                InvitationFacts(row.ends_at, invitations.is_open(row, now), row.id in unsent), now
            ),
        )
        for row in waiting
    ]
