"""The connection for which people may ask for things.

As long as the plan includes Jira and a grant is held; whether a request may leave just now is
stricter (`models/obstacles.py`).
"""

from app.models import JiraConnection, Organization
from app.models.holding import hold_of
from app.services.errors import JiraNotConnected, PlanWithoutJira


def usable_connection(organization: Organization) -> JiraConnection | None:
    """The connection for which people may ask for things, if the organization has one.

    In trouble, or during a pause, what they asked for waits.
    """
    connection = organization.connection
    usable = organization.plan.includes_jira and connection and connection.holds_grant
    return connection if usable else None


def require_connection(organization: Organization, *, locked: bool = False) -> JiraConnection:
    """As `usable_connection`; raises `PlanWithoutJira` or `JiraNotConnected` where there is none.

    locked: the row and its work are read anew and held until the transaction ends.
    """
    if not organization.plan.includes_jira:
        raise PlanWithoutJira
    connection = hold_of(organization) if locked else organization.connection
    if connection is None or not connection.holds_grant:
        raise JiraNotConnected
    return connection
