"""Watching for what changes in Jira: whether a panel does, and a cheap way to see that it did."""

import hashlib

from sqlalchemy import and_, func, select

from app.extensions import db
from app.models import (
    ActionItem,
    Installation,
    IssueLink,
    JiraConnection,
    JiraSettings,
    LinkState,
    Organization,
    Retrospective,
    Suspension,
)
from app.services.panel.holds import Hold
from app.services.panel.item_states import Circumstances

# A person who drags a card in Jira and looks over here should not have to wait.
EVERY = 1  # seconds
# Nor who sits in a retrospective whose others write action items and move its phase.
OTHERS_EVERY = 5  # seconds


def webhooks_wanted(organization: Organization) -> bool:
    """Whether the organization wants Jira to tell us what changes there."""
    settings = organization.settings
    return settings is not None and settings.webhooks_enabled


def may_return(link: IssueLink | None, around: Circumstances) -> bool:
    """Whether a change of the link's issue would be noticed: it is on the connected site."""
    if link is None or not link.created or link.state is LinkState.DELETED:
        return False
    if around.hold not in {None, Hold.TEAM} or around.connection is None:
        return False
    return around.committed and link.cloud_id == around.connection.cloud_id


def pulse_of(retrospective: Retrospective) -> str:
    """A token of two short queries that changes with whatever a panel at rest shows.

    To be taken before the panel is read: what changes in between shows at the next look.
    """
    active = and_(IssueLink.action_item_id == ActionItem.id, IssueLink.active)
    items = select(
        func.count(ActionItem.id),
        func.max(ActionItem.updated_at),
        func.count(IssueLink.id),
        func.max(IssueLink.id),
        func.sum(IssueLink.revision),
    )
    own = ActionItem.retrospective_id == retrospective.id
    rows = items.outerjoin(IssueLink, active).where(own, ActionItem.deleted_at.is_(None))
    jira = (
        select(
            Organization.plan,
            JiraConnection.state,
            JiraConnection.generation,
            JiraConnection.paused_until,
            JiraConnection.on_hold_since,
            select(Suspension.since)
            .where(Suspension.connection_id == JiraConnection.id)
            .scalar_subquery(),
            JiraSettings.version,
            select(Installation.paused_until).where(Installation.id == 1).scalar_subquery(),
        )
        .select_from(Organization)
        .outerjoin(Organization.connection)
        .outerjoin(Organization.settings)
        .where(Organization.id == retrospective.team.organization_id)
    )
    facts = (
        retrospective.phase,
        tuple(db.session.execute(rows).one()),
        tuple(db.session.execute(jira).one()),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
