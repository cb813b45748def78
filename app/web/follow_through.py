"""Follow-through: what becomes of the action items of an organization, or of one team."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from app.clock import utcnow
from app.extensions import db, hidden, limiter
from app.identifiers import is_number
from app.models import Organization, Team
from app.services.follow_through import definitions, figure_table, month_chart, reports
from app.services.follow_through.periods import DEFAULT, MONTHS, Period
from app.services.follow_through.reports import Report
from app.services.organizations import permissions
from app.services.retrospectives import action_item_search
from app.web import csv_answers
from app.web.access import organization_or_404, signed_in_user, writes

bp = Blueprint("follow_through", __name__, url_prefix="/organizations/<slug>/follow-through")

TABLES_OF_PERSON = "10 per hour"


def _asked_by() -> str:
    return hidden(f"follow-through tables of {signed_in_user().id}")


@bp.get("")
def show(slug: str) -> ResponseReturnValue:
    organization = organization_or_404(slug)
    readable = action_item_search.readable_teams(signed_in_user(), organization)
    team = _asked_team(readable)
    shown = readable if team is None else [team]
    report = reports.report_of(organization, shown, _asked_period(organization))
    beginning = None
    if not report.has_shares:
        beginning = reports.beginning_of(organization, shown, report.period.today)
    if not report.has_shares and not (beginning and beginning.begun):
        return render_template(
            "follow_through/empty.html",
            organization=organization,
            teams=readable,
            team=team,
            beginning=beginning,
            behind=report.behind,
            open_items=action_item_search.open_count(organization, shown),
        )
    return render_template(
        "follow_through/show.html", **_context(organization, readable, team, report)
    )


@bp.get("/figures.csv")
@writes  # that it was downloaded
@limiter.limit(TABLES_OF_PERSON, key_func=_asked_by)
def download(slug: str) -> ResponseReturnValue:
    organization = organization_or_404(slug)
    readable = action_item_search.readable_teams(signed_in_user(), organization)
    team = _asked_team(readable)
    organization_id, period = organization.id, _asked_period(organization)
    team_ids = {each.id for each in (readable if team is None else [team])}
    if request.method == "GET":
        figure_table.record_download(organization, signed_in_user())
        db.session.commit()

    def lines(_place: None) -> tuple[list[list[str]], None]:
        return figure_table.lines_of(organization_id, team_ids, period), None

    whose = f"{slug}-team-{team.id}" if team else slug
    name = f"follow-through-{whose}-{period.many}-months-{period.today.isoformat()}.csv"
    return csv_answers.download(name, figure_table.HEADINGS, lines)


def _context(
    organization: Organization, readable: list[Team], team: Team | None, report: Report
) -> dict[str, object]:
    zone = organization.time_zone or "UTC"
    without_jira = [definitions.WITHOUT_JIRA] if report.without_jira else []
    return {
        "organization": organization,
        "teams": readable,
        "team": team,
        "report": report,
        "chart": month_chart.chart_of(report.months),
        "choices": MONTHS,
        "definitions": [
            *definitions.DEFINITIONS, *without_jira, definitions.calendar(zone),
        ],
        "too_few": definitions.TOO_FEW,
        "asked": {"team": team.id} if team else {},
        "administers": permissions.administers(signed_in_user(), organization),
    }  # fmt: skip


def _asked_period(organization: Organization) -> Period:
    """`?months=3`, 6 or 12; any other word is the six that are shown first."""
    text = request.args.get("months", "")
    many = int(text) if is_number(text) and int(text) in MONTHS else DEFAULT
    return reports.period_of(organization, many, utcnow())


def _asked_team(readable: list[Team]) -> Team | None:
    """`?team=`: one of the teams that the person may see, 404 for any other; None for all."""
    text = request.args.get("team", "")
    if not text:
        return None
    found = [team for team in readable if is_number(text) and team.id == int(text)]
    return found[0] if found else abort(404)
