"""Organization Settings, Members: who is in the organization, in which role."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length

from app.extensions import db
from app.models import Membership, Organization, Role
from app.services.errors import UnpackError
from app.services.organizations import accounts, memberships
from app.web.access import administered_organization_or_404, require, signed_in_user
from app.web.shell import current_membership

bp = Blueprint("members", __name__, url_prefix="/organizations/<slug>/settings/members")

ROLES = [SelectChoice(role.value, role.value.capitalize()) for role in (Role.MEMBER, Role.ADMIN)]


class MemberForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        "E-mail",
        [
            DataRequired("Enter an e-mail address."),
            Length(max=254, message="An e-mail address has at most 254 characters."),
        ],
    )
    name = StringField("Name", [Length(max=120, message="A name has at most 120 characters.")])
    role = SelectField("Role", choices=ROLES, default=Role.MEMBER.value)


class RoleForm(FlaskForm):  # type: ignore[misc]
    role = SelectField("Role", choices=ROLES)


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    return _page(organization, MemberForm())


@bp.post("")
def create(slug: str) -> ResponseReturnValue:
    """A new account's password is shown in this answer and kept nowhere: there is no redirect."""
    organization = administered_organization_or_404(slug)
    form = MemberForm()
    if not form.validate():
        return _page(organization, form), 422
    try:
        membership, password = _invite(organization, form)
    except UnpackError as error:
        field = form.name if isinstance(error, memberships.NameMissing) else form.email
        field.errors = [error.sentence]
        return _page(organization, form), 422
    db.session.commit()
    if password is None:
        flash(f"{membership.user.name} is now a member of {organization.name}.", "ok")
        return redirect(url_for("members.index", slug=slug), 303)
    return render_template(
        "members/created.html", organization=organization, member=membership, password=password
    )


@bp.post("/<int:membership_id>/role")
def update(slug: str, membership_id: int) -> ResponseReturnValue:
    membership = _member_or_404(slug, membership_id)
    form = RoleForm()
    require(form.validate(), "Choose Admin or Member.")
    require(membership.role is not Role.OWNER, memberships.OwnerStays.sentence)
    memberships.change_role(membership, Role(form.role.data), signed_in_user())
    db.session.commit()
    if membership.user_id == signed_in_user().id and not membership.role.administers:
        return redirect(url_for("home.show", slug=slug), 303)
    flash(f"{membership.user.name} is now {_with_article(membership.role)}.", "ok")
    return redirect(url_for("members.index", slug=slug), 303)


@bp.get("/<int:membership_id>/removal")
def confirm_removal(slug: str, membership_id: int) -> ResponseReturnValue:
    membership = _member_or_404(slug, membership_id)
    require(membership.role is not Role.OWNER, memberships.OwnerStays.sentence)
    return render_template("members/removal.html", member=membership)


@bp.post("/<int:membership_id>/removal")
def destroy(slug: str, membership_id: int) -> ResponseReturnValue:
    membership = _member_or_404(slug, membership_id)
    require(membership.role is not Role.OWNER, memberships.OwnerStays.sentence)
    name, own = membership.user.name, membership.user_id == signed_in_user().id
    memberships.remove_member(membership, signed_in_user())
    db.session.commit()
    if own:
        return redirect(url_for("home.index"), 303)
    flash(f"{name} is no longer a member.", "ok")
    return redirect(url_for("members.index", slug=slug), 303)


@bp.get("/<int:membership_id>/ownership")
def confirm_ownership(slug: str, membership_id: int) -> ResponseReturnValue:
    membership = _member_or_404(slug, membership_id)
    require(_owns(), memberships.OwnerOnly.sentence)
    return render_template("members/ownership.html", member=membership)


@bp.post("/<int:membership_id>/ownership")
def transfer(slug: str, membership_id: int) -> ResponseReturnValue:
    membership = _member_or_404(slug, membership_id)
    require(_owns(), memberships.OwnerOnly.sentence)
    memberships.transfer_ownership(membership, signed_in_user())
    db.session.commit()
    flash(f"{membership.user.name} is now the Owner, and you are an Admin.", "ok")
    return redirect(url_for("members.index", slug=slug), 303)


def _member_or_404(slug: str, membership_id: int) -> Membership:
    organization = administered_organization_or_404(slug)
    membership = db.session.get(Membership, membership_id)
    if membership is None or membership.organization_id != organization.id:
        abort(404)
    return membership


def _invite(organization: Organization, form: MemberForm) -> tuple[Membership, str | None]:
    return memberships.invite(
        organization,
        email=accounts.normalized(form.email.data),
        name=form.name.data or "",
        role=Role(form.role.data),
        by=signed_in_user(),
    )


def _owns() -> bool:
    membership = current_membership()
    return membership is not None and membership.role is Role.OWNER


def _with_article(role: Role) -> str:
    return "an Admin" if role is Role.ADMIN else "a Member"


def _page(organization: Organization, form: MemberForm) -> str:
    ranks = list(Role)
    rows = sorted(organization.memberships, key=lambda m: (ranks.index(m.role), m.user.name))
    return render_template(
        "members/index.html",
        organization=organization,
        members=rows,
        form=form,
        roles=ROLES,
        owns=_owns(),
    )
