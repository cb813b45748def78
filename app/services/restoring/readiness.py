"""Whether a connection that is on hold may be let go, and why not. Pure."""

from enum import StrEnum

from app.models import Adoption, JiraConnection
from app.models.obstacles import Obstacle

# So many whole looks in a row have to find nothing: a search lags, and forgets.
QUIET_LOOKS = 2


class Waits(StrEnum):
    """What has to come before."""

    PLAN = "a plan with Jira"
    CONNECTION = "an admin who connects Jira again"
    RESUMING = "an admin who resumes syncing"
    SEARCH = "the end of the search of its site"
    ANSWER = "an answer of Jira's"
    VIEW = "sight of every project that issues may be in"


def waits_for(
    connection: JiraConnection, adoption: Adoption, obstacle: Obstacle | None
) -> Waits | None:
    """What has to happen before it may be let go; None when it may.

    obstacle: why Jira may not be asked for it, if it may not.
    """
    current = adoption.generation == connection.generation
    if current and adoption.finished_at is not None and obstacle is not Obstacle.CONNECTION:
        return None
    if obstacle is Obstacle.PLAN:
        return Waits.PLAN
    if obstacle is Obstacle.CONNECTION:
        return Waits.CONNECTION
    if obstacle is Obstacle.SUSPENSION:
        return Waits.RESUMING
    if adoption.failures and current:
        return Waits.ANSWER
    quiet = current and adoption.quiet_looks >= QUIET_LOOKS
    return Waits.VIEW if quiet and adoption.unseen_projects else Waits.SEARCH
