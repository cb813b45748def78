"""Starting a retrospective of a team."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import DateField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from app.extensions import db
from app.models import Organization, Team
from app.services.organizations import teams
from app.web.access import organization_or_404, require, signed_in_user
from app.web.fields import title_field
from app.web.formatting import today

bp = Blueprint("team_retrospectives", __name__)

FACILITATORS_ONLY = "Only facilitators and admins start a retrospective."


class DayField(DateField):  # type: ignore[misc]
    """A date; browsers with a calendar send it like this, people in others type it."""

    WORDS = "Enter the date as 2026-11-19."

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self.WORDS) from None


class RetrospectiveForm(FlaskForm):  # type: ignore[misc]
    team = SelectField("Team", [InputRequired("Choose a team.")], coerce=int)
    title = title_field()
    held_on = DayField("Date", [InputRequired(DayField.WORDS)])


@bp.get("/organizations/<slug>/retrospectives/new")
def new(slug: str) -> ResponseReturnValue:
    organization = organization_or_404(slug)
    led = _led_teams(organization)
    asked = request.args.get("team", type=int)
    form = _form(led, team=asked if asked in {team.id for team in led} else led[0].id)
    return _page(organization, form)


@bp.post("/organizations/<slug>/retrospectives")
def create(slug: str) -> ResponseReturnValue:
    organization = organization_or_404(slug)
    led = _led_teams(organization)
    form = _form(led)
    if not form.validate():
        return _page(organization, form), 422
    retrospective = teams.start_retrospective(
        next(team for team in led if team.id == form.team.data),
        title=form.title.data,
        held_on=form.held_on.data,
        by=signed_in_user(),
    )
    db.session.commit()
    return redirect(url_for("retrospectives.show", retrospective_id=retrospective.id), 303)


def _led_teams(organization: Organization) -> list[Team]:
    led = teams.led_teams(signed_in_user(), organization)
    require(bool(led), FACILITATORS_ONLY)
    return led


def _form(led: list[Team], team: int | None = None) -> RetrospectiveForm:
    form = RetrospectiveForm(team=team, held_on=today())
    form.team.choices = [SelectChoice(row.id, row.name) for row in led]
    return form


def _page(organization: Organization, form: RetrospectiveForm) -> str:
    return render_template("teams/new_retrospective.html", organization=organization, form=form)
