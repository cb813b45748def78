"""What an organization's home shows: what is going on in the teams that a person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    IssueLink,
    JiraConnection,
    LinkState,
    Organization,
    ProjectMapping,
    Retrospective,
    Team,
    unsettled_link,
)
from app.services.counts import Count
from app.services.mapping.mappings import mappings_for
from app.services.outbound.links import failed_count, synced_since
from app.services.panel import home_jira
from app.services.panel.home_jira import JiraLine
from app.services.panel.item_states import ItemState
from app.services.panel.panels import states_of
from app.services.retrospectives import action_item_search

WORST = 4
WEEK = timedelta(days=7)

# What somebody has to look at comes first, then what is under way.
_TROUBLE = {LinkState.ERROR: 0, LinkState.DELETED: 1, LinkState.UNSEEN: 1, LinkState.RETRYING: 2}


@dataclass(frozen=True)
class OpenItems:
    """The worst of the open action items with their states, and how many there are in all."""

    items: Sequence[ActionItem]
    states: dict[int, ItemState]
    count: Count


def open_items(organization: Organization, teams: Sequence[Team]) -> OpenItems:
    """The open action items of `teams`: sync errors first, then what is due soonest."""
    worst = [*_in_trouble(organization, teams)]
    troubled = {item.id for item in worst}
    pressing = action_item_search.most_pressing(organization, teams, WORST)
    items = [*worst, *(item for item in pressing if item.id not in troubled)][:WORST]
    count = action_item_search.open_count(organization, teams)
    return OpenItems(items, states_of(organization, items), count)


def _in_trouble(organization: Organization, teams: Sequence[Team]) -> Sequence[ActionItem]:
    """The worst WORST of those that somebody has to look at, or that are tried again."""
    found = (
        select(ActionItem)
        .join(IssueLink, IssueLink.action_item_id == ActionItem.id)
        .join(IssueLink.connection)
        .where(
            JiraConnection.organization_id == organization.id,
            *unsettled_link(_TROUBLE),
            ActionItem.team_id.in_([team.id for team in teams]),
            ActionItem.deleted_at.is_(None),
            ActionItem.completed_at.is_(None),
        )
        .options(
            joinedload(ActionItem.assignee),
            joinedload(ActionItem.retrospective).joinedload(Retrospective.team),
        )
        .order_by(
            case(_TROUBLE, value=IssueLink.state),
            func.coalesce(ActionItem.due_on, date.max),
            ActionItem.id,
        )
        .limit(WORST)
    )
    return db.session.scalars(found).all()


def team_mappings(organization: Organization, teams: Sequence[Team]) -> dict[int, ProjectMapping]:
    """Where the teams' action items go in Jira, by team id; nothing on a plan without Jira."""
    return mappings_for(organization, teams) if organization.plan.includes_jira else {}


def jira_line(organization: Organization) -> JiraLine:
    """How Jira is doing, for Owner and Admins."""
    connection = organization.connection
    return home_jira.line_of(
        organization.name,
        plan_includes_jira=organization.plan.includes_jira,
        state=connection.state if connection else None,
        on_hold=connection is not None and connection.on_hold,
        suspended=connection is not None and connection.suspended,
        synced_this_week=_synced_this_week(connection),
        failed=failed_count(organization),
    )


def _synced_this_week(connection: JiraConnection | None) -> Count:
    return synced_since(connection, utcnow() - WEEK) if connection else Count(0)
