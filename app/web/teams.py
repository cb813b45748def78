"""A team: its people and its retrospectives."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.identifiers import is_number
from app.models import Retrospective, Team
from app.services.organizations import permissions
from app.services.panel import home, recent_retrospectives
from app.web.access import signed_in_user, team_or_404

bp = Blueprint("teams", __name__)


@bp.get("/organizations/<slug>/teams/<int:team_id>")
def show(slug: str, team_id: int) -> ResponseReturnValue:
    team = team_or_404(team_id, slug)
    before, after = _retrospective("before", team), _retrospective("after", team)
    page = recent_retrospectives.page_of(team, before=before, after=after)
    return render_template(
        "teams/show.html",
        team=team,
        people=sorted(team.team_members, key=lambda row: (not row.facilitator, row.user.name)),
        retrospectives=page.rows,
        page=page,
        mapping=home.team_mappings(team.organization, [team]).get(team.id),
        may_start=permissions.may_lead(signed_in_user(), team) and not team.archived,
        administers=permissions.access_to(signed_in_user(), team) is permissions.TeamAccess.ADMIN,
    )


def _retrospective(name: str, team: Team) -> Retrospective | None:
    """The team's retrospective whose id the address has as `name`."""
    text = request.args.get(name, "")
    if not is_number(text):
        return None
    found = db.session.get(Retrospective, int(text))
    return found if found is not None and found.team_id == team.id else None
