"""Putting an organization on another plan, and what that means for its connection."""

from app.extensions import db
from app.models import Organization, Plan, User
from app.queue import ring_after_commit
from app.services import audit
from app.services.grants.asking import usable_connection
from app.services.owed import webhook_upkeep


def change_plan(organization: Organization, plan: Plan, by: User) -> None:
    """Put the organization on `plan`.

    Free holds everything of Jira and deletes nothing; a paid plan lets go of what was held.
    """
    if plan is organization.plan:
        return
    audit.record(organization, by, "plan-changed", before=organization.plan, after=plan)
    organization.plan = plan
    db.session.flush()
    if connection := usable_connection(organization):
        ring_after_commit(connection.id)
        webhook_upkeep.owe_upkeep(connection)
