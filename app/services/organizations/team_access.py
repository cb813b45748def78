"""The rows that say what the person `user_id` is to a team, for statements that select from Team.

What they mean is the business of `permissions`.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, select

from app.models import Membership, Team, TeamMember

_PERSON: BindParameter[int] = bindparam("user_id")


def in_organization() -> ColumnElement[bool]:
    """Which membership it is."""
    return and_(Membership.organization_id == Team.organization_id, Membership.user_id == _PERSON)


def in_team() -> ColumnElement[bool]:
    """Which team member it is; there need be none."""
    return and_(TeamMember.team_id == Team.id, TeamMember.user_id == _PERSON)


def columns() -> list[ColumnElement[Any]]:
    """`role` and `facilitator`, for `permissions.access_as`. Each a subquery: PostgreSQL weighs all
    orders in which it could join, which takes it longer than to find the two rows."""
    role = select(Membership.role).where(in_organization()).correlate(Team).scalar_subquery()
    leads = select(TeamMember.facilitator).where(in_team()).correlate(Team).scalar_subquery()
    return [role.label("role"), leads.label("facilitator")]
