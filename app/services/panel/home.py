"""What an organization's home shows: what is going on in the teams that a person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import joinedload, selectinload

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
)
from app.models.deleted_retrospective import not_deleted
from app.services.mapping.mappings import mappings_for
from app.services.outbound.links import failed_count
from app.services.panel import home_jira
from app.services.panel.home_jira import JiraLine
from app.services.panel.item_states import ItemState
from app.services.panel.panels import states_of

RECENT = 5
WORST = 4
WEEK = timedelta(days=7)

# What somebody has to look at comes first, then what is under way.
_TROUBLE = {LinkState.ERROR: 0, LinkState.DELETED: 1, LinkState.UNSEEN: 1, LinkState.RETRYING: 2}


@dataclass(frozen=True)
class RetrospectiveRow:
    """A retrospective, how many of its action items are open or complete, and its last change."""

    retrospective: Retrospective
    open: int
    complete: int
    updated_at: datetime

    @property
    def counts(self) -> str:
        """ "2 open, 1 complete"."""
        if not self.open and not self.complete:
            return "None yet"
        if not self.open:
            return f"All {self.complete} complete" if self.complete > 1 else "1 complete"
        return f"{self.open} open" + (f", {self.complete} complete" if self.complete else "")


@dataclass(frozen=True)
class OpenItems:
    """The worst of the open action items with their states, and how many there are in all."""

    items: Sequence[ActionItem]
    states: dict[int, ItemState]
    count: int


def recent_retrospectives(
    teams: Sequence[Team], limit: int | None = RECENT
) -> list[RetrospectiveRow]:
    """The teams' retrospectives, the one that changed last first."""
    changed_at = func.max(ActionItem.updated_at)
    changes = func.coalesce(changed_at, Retrospective.created_at)
    rows = db.session.execute(
        select(Retrospective, _count(ActionItem.completed_at.is_(None)), _count(None), changed_at)
        .outerjoin(ActionItem)
        .where(Retrospective.team_id.in_([team.id for team in teams]), not_deleted())
        .options(selectinload(Retrospective.team))
        .group_by(Retrospective.id)
        .order_by(changes.desc(), Retrospective.id.desc())
        .limit(limit)
    )
    return [
        RetrospectiveRow(row, is_open, every - is_open, changed or row.created_at)
        for row, is_open, every, changed in rows
    ]


def open_items(organization: Organization, teams: Sequence[Team]) -> OpenItems:
    """The open action items of `teams`: sync errors first, then what is due soonest."""
    mine = (
        Retrospective.team_id.in_([team.id for team in teams]),
        ActionItem.deleted_at.is_(None),
        ActionItem.completed_at.is_(None),
    )
    trouble = case(_TROUBLE, value=IssueLink.state, else_=3)
    joined = (ActionItem.id == IssueLink.action_item_id) & IssueLink.active
    items = db.session.scalars(
        select(ActionItem)
        .join(Retrospective)
        .outerjoin(IssueLink, joined)
        .where(*mine)
        .options(joinedload(ActionItem.assignee), joinedload(ActionItem.retrospective))
        .order_by(trouble, func.coalesce(ActionItem.due_on, date.max), ActionItem.id)
        .limit(WORST)
    ).all()
    count = db.session.scalar(
        select(func.count()).select_from(ActionItem).join(Retrospective).where(*mine)
    )
    return OpenItems(items, states_of(organization, items), count or 0)


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
        synced_this_week=_synced_since(connection, utcnow() - WEEK),
        failed=failed_count(organization),
    )


def _count(condition: ColumnElement[bool] | None) -> ColumnElement[int]:
    """How many action items there are (of none, the outer join makes a row without an id)."""
    counted = ActionItem.id.isnot(None) & ActionItem.deleted_at.is_(None)
    if condition is not None:
        counted &= condition
    return func.sum(case((counted, 1), else_=0))


def _synced_since(connection: JiraConnection | None, since: datetime) -> int:
    if connection is None:
        return 0
    return (
        db.session.scalar(
            select(func.count())
            .select_from(IssueLink)
            .where(IssueLink.connection_id == connection.id, IssueLink.synced_at >= since)
        )
        or 0
    )
