"""Issues that somebody has just created in Jira themselves, to be offered, never linked unasked."""

from datetime import datetime
from math import ceil

from sqlalchemy import or_, select

from app.extensions import db
from app.jira.jql import quoted
from app.models import ActionItem, Finishing, JiraConnection, JiraPerson, MatchState, User
from app.services.linking import issue_search
from app.services.linking.choices import Choice, Choices
from app.services.linking.finishing import SUGGESTS
from app.services.linking.issue_search import Answered
from app.services.mapping.mappings import mapping_for
from app.services.outbound.plan import PROPERTY
from app.services.people.matches import KEPT


def query_of(item: ActionItem, by: User, finishing: Finishing, now: datetime) -> str:
    """A search for what the person's own account has created in the project since they began.

    Empty once ten minutes are over, or where it is not certain which account is theirs: one whose
    e-mail Jira hides may be somebody else's, and the connecting account creates for everybody.
    """
    connection = item.retrospective.team.organization.connection
    mapping = mapping_for(item.retrospective.team)
    if connection is None or mapping is None or now >= finishing.started_at + SUGGESTS:
        return ""
    account = _account_of(connection, by, now)
    if account is None:
        return ""
    minutes = ceil((now - finishing.started_at).total_seconds() / 60) + 1
    return (
        f"project = {mapping.project_id} AND creator = {quoted(account)} "
        f"AND created >= -{minutes}m ORDER BY created DESC"
    )


def ask(connection_id: int, query: str) -> Answered:
    """No transaction may be open."""
    return issue_search.by_query(connection_id, query)


def suggestions(found: Choices, finishing: Finishing) -> list[Choice]:
    """Those created since, that may be chosen and that never were an action item's."""
    return [
        each
        for each in found.free
        if PROPERTY not in each.issue.properties
        and each.issue.created is not None
        and each.issue.created >= finishing.started_at
    ]


def _account_of(connection: JiraConnection, by: User, now: datetime) -> str | None:
    account: str | None = db.session.scalar(
        select(JiraPerson.account_id).where(
            JiraPerson.connection_id == connection.id,
            JiraPerson.user_id == by.id,
            or_(
                JiraPerson.picked,
                (JiraPerson.state == MatchState.MATCHED) & (JiraPerson.found_at > now - KEPT),
            ),
        )
    )
    return account if account != connection.account_id else None
