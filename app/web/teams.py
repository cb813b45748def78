"""A team: its people and its retrospectives."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.services.organizations import permissions
from app.services.panel import home
from app.web.access import signed_in_user, team_or_404

bp = Blueprint("teams", __name__)


@bp.get("/organizations/<slug>/teams/<int:team_id>")
def show(slug: str, team_id: int) -> ResponseReturnValue:
    team = team_or_404(team_id, slug)
    return render_template(
        "teams/show.html",
        team=team,
        people=sorted(team.team_members, key=lambda row: (not row.facilitator, row.user.name)),
        retrospectives=home.recent_retrospectives([team], limit=None),
        mapping=home.team_mappings(team.organization, [team]).get(team.id),
        may_start=permissions.may_lead(signed_in_user(), team) and not team.archived,
        administers=permissions.access_to(signed_in_user(), team) is permissions.TeamAccess.ADMIN,
    )
