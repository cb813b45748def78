"""The figures of each team and month as a table of text, for spreadsheets."""

from collections.abc import Collection, Sequence

from app.extensions import db
from app.models import Organization, Team, User
from app.services import audit
from app.services.follow_through import reports
from app.services.follow_through.figures import Figures
from app.services.follow_through.periods import Period
from app.services.sync_log.csv_export import guarded

HEADINGS = (
    "Team", "Month", "Written", "30 days old", "Of these done within 30 days",
    "Done within 30 days in %", "Median days to done", "Done within 30 days", "Done later",
    "Dropped", "Open", "Overdue", "Untouched",
)  # fmt: skip


def record_download(organization: Organization, by: User) -> None:
    """Note who took the table with them."""
    audit.record(organization, by, "follow-through-exported")


def lines_of(organization_id: int, team_ids: Collection[int], period: Period) -> list[list[str]]:
    """A line for each team and month, as cells. Of too few, nothing is said in per cent."""
    organization = db.session.get(Organization, organization_id)
    if organization is None:
        return []
    teams = [team for team in organization.teams if team.id in team_ids]
    return [
        [guarded(cell) for cell in cells(team, f"{row.month:%Y-%m}", row.figures)]
        for team, row in reports.months_by_team(organization, teams, period)
    ]


def cells(team: Team, month: str, figures: Figures) -> Sequence[str]:
    """One line of the table, in the order of `HEADINGS`."""
    share, days = figures.share, figures.days_to_done
    return [
        team.name,
        month,
        str(figures.written),
        str(share.of),
        str(share.done),
        str(share.percent) if share.sayable else "",
        "" if days is None else f"{days:g}",
        str(figures.in_time),
        str(figures.later),
        str(figures.dropped),
        str(figures.open),
        str(figures.overdue),
        str(figures.untouched),
    ]
