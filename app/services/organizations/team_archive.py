"""Archived teams: no new retrospectives; whatever there is goes on.

Its mapping stays, and so do links: what is open still follows, here and in Jira.
"""

from sqlalchemy import func, select

from app.clock import utcnow
from app.extensions import db
from app.models import Phase, Retrospective, Team, User
from app.models.deleted_retrospective import not_deleted
from app.services import audit
from app.services.errors import UnpackError


class TeamArchived(UnpackError):
    sentence = "This team is archived: it starts no retrospectives."


def archive(team: Team, by: User) -> None:
    """Have it start no more retrospectives. What is archived already stays as it is."""
    lock(team)
    if team.archived:
        return
    team.archived_at = utcnow()
    audit.record(team.organization, by, "team-archived", team=team.id)


def bring_back(team: Team, by: User) -> None:
    """Let it start retrospectives again."""
    lock(team)
    if not team.archived:
        return
    team.archived_at = None
    audit.record(team.organization, by, "team-brought-back", team=team.id)


def lock(team: Team) -> None:
    """Hold the row until the transaction ends, and read it anew: none begins meanwhile."""
    db.session.refresh(team, with_for_update={"of": Team, "key_share": True})


def open_retrospectives(team: Team) -> int:
    """How many of its retrospectives are not closed."""
    counted = select(func.count(Retrospective.id)).where(
        Retrospective.team_id == team.id, Retrospective.phase != Phase.CLOSED, not_deleted()
    )
    return db.session.scalar(counted) or 0
