"""An organization's home."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db
from app.models import Organization, Team
from app.services.follow_through import reports, summary_words
from app.services.follow_through.periods import DEFAULT
from app.services.follow_through.summary_words import Summary
from app.services.organizations import permissions, teams
from app.services.panel import first_steps, home, recent_retrospectives
from app.services.retrospectives import action_item_search
from app.web.access import (
    administered_organization_or_404,
    organization_or_404,
    signed_in_user,
)
from app.web.formatting import today
from app.web.shell import current_membership

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> ResponseReturnValue:
    membership = current_membership()
    if membership is None:
        return render_template("home/nowhere.html")
    return redirect(url_for("home.show", slug=membership.organization.slug), 303)


@bp.get("/organizations/<slug>")
def show(slug: str) -> ResponseReturnValue:
    organization = organization_or_404(slug)
    user = signed_in_user()
    visible = teams.visible_teams(user, organization)
    open_items = home.open_items(organization, visible)
    administers = permissions.administers(user, organization)
    return render_template(
        "home/show.html",
        organization=organization,
        teams=[team for team in visible if not team.archived],
        mappings=home.team_mappings(organization, visible),
        retrospectives=recent_retrospectives.recent(organization, visible),
        open_items=open_items,
        completable={item.id for item in open_items.items if permissions.may_complete(user, item)},
        may_start=bool(teams.led_teams(user, organization)),
        jira=home.jira_line(organization) if administers else None,
        first_steps=first_steps.steps_of(organization) if administers else None,
        follow_through=_follow_through(organization, visible),
        today=today(),
    )


def _follow_through(organization: Organization, visible: list[Team]) -> Summary | None:
    period = reports.period_of(organization, DEFAULT, utcnow())
    shares = reports.shares_of(organization, visible, period)
    if not shares.now.sayable:
        return None
    overdue = action_item_search.overdue_count(organization, visible, period.today)
    return summary_words.on_home(shares, overdue)


@bp.post("/organizations/<slug>/first-steps/removal")
def hide_first_steps(slug: str) -> ResponseReturnValue:
    first_steps.hide(administered_organization_or_404(slug))
    db.session.commit()
    return redirect(url_for("home.show", slug=slug), 303)
