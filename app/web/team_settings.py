"""Organization Settings, Teams: their names, people and facilitators."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from app.extensions import db
from app.models import Organization, Team, TeamMember, User
from app.services.errors import UnpackError
from app.services.organizations import teams
from app.web.access import (
    administered_organization_or_404,
    administered_team_or_404,
    hold_people,
    signed_in_user,
)
from app.web.fields import name_field

bp = Blueprint("team_settings", __name__, url_prefix="/organizations/<slug>/settings/teams")


class TeamForm(FlaskForm):  # type: ignore[misc]
    name = name_field()


class TeamMemberForm(FlaskForm):  # type: ignore[misc]
    user = SelectField("Person", [InputRequired("Choose a person.")], coerce=int)
    facilitator = BooleanField("Facilitates")


@bp.get("")
def index(slug: str) -> ResponseReturnValue:
    return _index(administered_organization_or_404(slug), TeamForm())


@bp.post("")
def create(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    form = TeamForm()
    if not form.validate():
        return _index(organization, form), 422
    try:
        team = teams.create_team(organization, form.name.data, signed_in_user())
    except UnpackError as error:
        form.name.errors = [error.sentence]
        return _index(organization, form), 422
    db.session.commit()
    flash(f"{team.name} is created. Add its people.", "ok")
    return redirect(_page_of(team), 303)


@bp.get("/<int:team_id>")
def edit(slug: str, team_id: int) -> ResponseReturnValue:
    team = administered_team_or_404(team_id, slug)
    return _edit(team, TeamForm(name=team.name))


@bp.post("/<int:team_id>")
def update(slug: str, team_id: int) -> ResponseReturnValue:
    team = administered_team_or_404(team_id, slug)
    form = TeamForm()
    if not form.validate():
        return _edit(team, form), 422
    try:
        teams.rename_team(team, form.name.data, signed_in_user())
    except UnpackError as error:
        form.name.errors = [error.sentence]
        return _edit(team, form), 422
    db.session.commit()
    flash("The name is saved.", "ok")
    return redirect(_page_of(team), 303)


@bp.post("/<int:team_id>/members")
def add_member(slug: str, team_id: int) -> ResponseReturnValue:
    team = administered_team_or_404(team_id, slug)
    form = _member_form(team)
    if not form.validate():
        return _edit(team, TeamForm(formdata=None, name=team.name), form), 422
    user = db.session.get_one(User, form.user.data)
    hold_people(team.organization)
    teams.add_team_member(team, user, facilitator=form.facilitator.data, by=signed_in_user())
    db.session.commit()
    flash(f"{user.name} is in {team.name}.", "ok")
    return redirect(_page_of(team), 303)


@bp.post("/<int:team_id>/members/<int:row_id>")
def update_member(slug: str, team_id: int, row_id: int) -> ResponseReturnValue:
    """The button's value says whether the person facilitates from now on."""
    team = administered_team_or_404(team_id, slug)
    hold_people(team.organization)
    row = _row_or_404(team, row_id)
    facilitates = request.form.get("facilitator") == "yes"
    try:
        teams.add_team_member(
            team,
            row.user,
            facilitator=facilitates,
            by=signed_in_user(),
            leaves_none=_leaves_none(),
        )
    except teams.LastFacilitator:
        return _last_facilitator(row, removal=False), 422
    db.session.commit()
    now = "facilitates" if facilitates else "no longer facilitates"
    flash(f"{row.user.name} {now} {team.name}.", "ok")
    return redirect(_page_of(team), 303)


@bp.post("/<int:team_id>/members/<int:row_id>/removal")
def remove_member(slug: str, team_id: int, row_id: int) -> ResponseReturnValue:
    team = administered_team_or_404(team_id, slug)
    hold_people(team.organization)
    row = _row_or_404(team, row_id)
    name = row.user.name
    try:
        teams.remove_team_member(row, signed_in_user(), leaves_none=_leaves_none())
    except teams.LastFacilitator:
        return _last_facilitator(row, removal=True), 422
    db.session.commit()
    flash(f"{name} is no longer in {team.name}.", "ok")
    return redirect(_page_of(team), 303)


def _leaves_none() -> bool:
    """Whether the form knew that nobody will facilitate the team."""
    return request.form.get("leaves_none") == "yes"


def _last_facilitator(row: TeamMember, *, removal: bool) -> str:
    return render_template("settings/last_facilitator.html", row=row, removal=removal)


def _row_or_404(team: Team, row_id: int) -> TeamMember:
    row = db.session.get(TeamMember, row_id)
    if row is None or row.team_id != team.id:
        abort(404)
    return row


def _member_form(team: Team) -> TeamMemberForm:
    form = TeamMemberForm()
    form.user.choices = [SelectChoice(user.id, user.name) for user in _addable(team)]
    return form


def _addable(team: Team) -> list[User]:
    inside = {row.user_id for row in team.team_members}
    people = [membership.user for membership in team.organization.memberships]
    return sorted((user for user in people if user.id not in inside), key=lambda user: user.name)


def _page_of(team: Team) -> str:
    return url_for("team_settings.edit", slug=team.organization.slug, team_id=team.id)


def _index(organization: Organization, form: TeamForm) -> str:
    return render_template("settings/teams.html", organization=organization, form=form)


def _edit(team: Team, form: TeamForm, member_form: TeamMemberForm | None = None) -> str:
    return render_template(
        "settings/team.html",
        team=team,
        people=sorted(team.team_members, key=lambda row: (not row.facilitator, row.user.name)),
        form=form,
        member_form=member_form or _member_form(team),
    )
