"""How the teams of somebody follow through, as the digest tells it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import Membership, Team, TeamMember, User
from app.services.follow_through import reports, summary_words
from app.services.follow_through.periods import DEFAULT
from app.services.follow_through.summary_words import Summary

MOST = 5


def lines_of(user: User, now: datetime) -> list[Summary]:
    """A line for each team that the person is in and of which enough can be said, at most five.

    `now`: aware UTC.
    """
    lines = []
    for team in _teams_of(user):
        organization = team.organization
        period = reports.period_of(organization, DEFAULT, now)
        line = summary_words.in_digest(team.name, reports.trend_of(organization, team, period))
        if line is not None:
            lines.append(line)
    return lines


def _teams_of(user: User) -> list[Team]:
    """By name; an archived team is over, and who left an organization is in none of its teams."""
    found = (
        select(Team)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .join(Membership, Membership.organization_id == Team.organization_id)
        .where(
            TeamMember.user_id == user.id,
            Membership.user_id == user.id,
            Team.archived_at.is_(None),
        )
        .options(joinedload(Team.organization))
        .order_by(Team.name, Team.id)
        .limit(MOST)
    )
    return list(db.session.scalars(found))
