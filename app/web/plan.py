"""Organization Settings, Plan: what each plan includes. Paying for it is not part of Unpack yet."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import Plan, Role
from app.services.connection import organization_plan
from app.web.access import administered_organization_or_404, require, signed_in_user
from app.web.shell import current_membership

bp = Blueprint("plan", __name__, url_prefix="/organizations/<slug>/settings/plan")

OWNER_ONLY = "Only the Owner changes the plan."
INCLUDED = {
    Plan.FREE: ["Teams, retrospectives and action items"],
    Plan.PRO: [
        "Everything in Free",
        "One Jira issue per action item, with assignee and due date",
        "The issue key on every action item",
    ],
    Plan.ENTERPRISE: ["Everything in Pro"],
}


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    return render_template(
        "plan/show.html", organization=organization, included=INCLUDED, owns=_owns()
    )


@bp.get("/change/<to>")
def confirm(slug: str, to: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    require(_owns(), OWNER_ONLY)
    connection = organization.connection
    return render_template(
        "plan/confirm.html",
        organization=organization,
        plan=_plan_or_404(to),
        holds_jira=connection is not None and connection.holds_grant,
    )


@bp.post("/change/<to>")
def update(slug: str, to: str) -> ResponseReturnValue:
    organization = administered_organization_or_404(slug)
    require(_owns(), OWNER_ONLY)
    organization_plan.change_plan(organization, _plan_or_404(to), signed_in_user())
    db.session.commit()
    flash(f"{organization.name} is on {organization.plan.value.capitalize()}.", "ok")
    return redirect(url_for("plan.show", slug=slug), 303)


def _plan_or_404(word: str) -> Plan:
    if word not in set(Plan):
        abort(404)
    return Plan(word)


def _owns() -> bool:
    membership = current_membership()
    return membership is not None and membership.role is Role.OWNER
