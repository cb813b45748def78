"""A retrospective's title, and deleting it after a page that says what goes with it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.extensions import db
from app.models import Retrospective
from app.services.organizations import permissions
from app.services.panel import retrospective_changes
from app.web.access import require, retrospective_or_404, signed_in_user
from app.web.fields import title_field

bp = Blueprint(
    "retrospective_changes", __name__, url_prefix="/retrospectives/<int:retrospective_id>"
)


class TitleForm(FlaskForm):  # type: ignore[misc]
    title = title_field()


@bp.get("/title")
def edit(retrospective_id: int) -> ResponseReturnValue:
    retrospective = _led_by_this_person(retrospective_id)
    return _title(retrospective, TitleForm(title=retrospective.title))


@bp.post("/title")
def update(retrospective_id: int) -> ResponseReturnValue:
    retrospective, form = _led_by_this_person(retrospective_id), TitleForm()
    if not form.validate():
        return _title(retrospective, form), 422
    retrospective_changes.rename(retrospective, form.title.data, signed_in_user())
    db.session.commit()
    return redirect(url_for("retrospectives.show", retrospective_id=retrospective_id), 303)


@bp.get("/deletion")
def confirm(retrospective_id: int) -> ResponseReturnValue:
    retrospective = _led_by_this_person(retrospective_id)
    return render_template(
        "retrospectives/deletion.html",
        retrospective=retrospective,
        belongings=retrospective_changes.belongings_of(retrospective),
    )


@bp.post("/deletion")
def destroy(retrospective_id: int) -> ResponseReturnValue:
    retrospective = _led_by_this_person(retrospective_id)
    team, title = retrospective.team, retrospective.title
    page = url_for("teams.show", slug=team.organization.slug, team_id=team.id)
    retrospective_changes.delete(retrospective, signed_in_user())
    db.session.commit()
    flash(f"{title} is deleted.", "ok")
    return redirect(page, 303)


def _title(retrospective: Retrospective, form: TitleForm) -> str:
    return render_template("retrospectives/title.html", retrospective=retrospective, form=form)


def _led_by_this_person(retrospective_id: int) -> Retrospective:
    retrospective = retrospective_or_404(retrospective_id)
    require(permissions.may_lead(signed_in_user(), retrospective.team))
    return retrospective
