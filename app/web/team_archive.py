"""Archiving a team after a page that says what stays, and bringing it back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.services.organizations import team_archive
from app.services.panel import home
from app.web.access import administered_team_or_404, signed_in_user

bp = Blueprint(
    "team_archive", __name__, url_prefix="/organizations/<slug>/settings/teams/<int:team_id>"
)


@bp.get("/archive")
def confirm(slug: str, team_id: int) -> ResponseReturnValue:
    team = administered_team_or_404(team_id, slug)
    return render_template(
        "settings/archive.html",
        team=team,
        open_retrospectives=team_archive.open_retrospectives(team),
        open_items=home.open_items(team.organization, [team]).count,
        mapping=home.team_mappings(team.organization, [team]).get(team.id),
    )


@bp.post("/archive")
def create(slug: str, team_id: int) -> ResponseReturnValue:
    team = administered_team_or_404(team_id, slug)
    team_archive.archive(team, signed_in_user())
    db.session.commit()
    flash(f"{team.name} is archived.", "ok")
    return redirect(url_for("team_settings.index", slug=slug), 303)


@bp.post("/archive/removal")
def destroy(slug: str, team_id: int) -> ResponseReturnValue:
    team = administered_team_or_404(team_id, slug)
    team_archive.bring_back(team, signed_in_user())
    db.session.commit()
    flash(f"{team.name} is back.", "ok")
    return redirect(url_for("team_settings.edit", slug=slug, team_id=team_id), 303)
