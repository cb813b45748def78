"""Who an account is may only turn out when the members of a team are looked up in Jira."""

from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select

from app.extensions import db
from app.models import JiraConnection, JiraPerson, Membership, TeamMember, WorkKind
from app.services.owed import metadata_reads, reconciliations
from app.services.people import lookups
from app.services.people.matches import KEPT

# Then their issues are looked at again.
LOOKED_UP_WITHIN = timedelta(minutes=1)


def awaits_members(connection: JiraConnection, team_id: int, now: datetime) -> bool:
    """Whether an unknown account may still be a member's: nobody has looked, or not lately.

    Has them looked up, and the issues looked at again afterwards. False as well when looking
    leads nowhere: Jira refuses, or does not answer. `now`: aware UTC.
    """
    looking, reading = connection.works[WorkKind.PEOPLE], connection.works[WorkKind.METADATA]
    stuck = looking.error or reading.error
    if stuck or not _unknown_in(connection, team_id, now):
        return False
    if lookups.searched_project(connection) is None:
        return False
    if looking.due_at is None:
        metadata_reads.want_people(connection, now)
    reconciliations.owe_by(connection, now + LOOKED_UP_WITHIN, now)
    return True


def _unknown_in(connection: JiraConnection, team_id: int, now: datetime) -> bool:
    known = and_(
        JiraPerson.connection_id == connection.id,
        JiraPerson.user_id == TeamMember.user_id,
        or_(JiraPerson.picked, JiraPerson.found_at > now - KEPT),
    )
    of_organization = and_(
        Membership.organization_id == connection.organization_id,
        Membership.user_id == TeamMember.user_id,
    )
    unknown = select(TeamMember.id).where(
        TeamMember.team_id == team_id, exists().where(of_organization), ~exists().where(known)
    )
    return db.session.scalar(unknown.limit(1)) is not None
