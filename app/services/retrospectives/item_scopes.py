"""Whose action items and retrospectives a page is about, so that an index finds them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_

from app.models import ActionItem, Organization, Retrospective, Team

# Each is looked into by itself; who is in more looks through the organization.
MOST_TEAMS = 50


def scopes(
    of: type[ActionItem] | type[Retrospective], organization: Organization, teams: Sequence[Team]
) -> list[ColumnElement[bool]]:
    """Conditions that rows of `teams`, some of the organization's, fulfil one of each: what is
    looked for is looked for under each of them."""
    if len(teams) == len(organization.teams):
        return [of.organization_id == organization.id] if teams else []
    if len(teams) <= MOST_TEAMS:
        return [of.team_id == team.id for team in teams]
    ids = [team.id for team in teams]
    return [and_(of.organization_id == organization.id, of.team_id.in_(ids))]
