"""Watching for what changes in Jira: whether a panel does, and a cheap way to see that it did."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)

from app.extensions import db
from app.models import (
    ActionItem,
    Finishing,
    Installation,
    IssueLink,
    JiraConnection,
    JiraSettings,
    LinkState,
    Organization,
    ProjectMapping,
    Retrospective,
    Suspension,
)
from app.models.carry_over import ids_listed_in
from app.services import pulses
from app.services.panel.circumstances import Circumstances
from app.services.panel.holds import Hold
from app.services.pulses import NOW, Watched

# A person who drags a card in Jira and looks over here should not have to wait.
EVERY = 1  # seconds
# Nor who sits in a retrospective whose others write action items and move its phase.
OTHERS_EVERY = 5  # seconds
# A panel looks again after so many seconds, the longer nothing has happened.
_BRISK, _STEADY, _CALM = 1, 2, 5
_BRISK_FOR, _STEADY_FOR = timedelta(seconds=10), timedelta(minutes=1)
_MOVING = [state for state in LinkState if state.moving]


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


def seconds_after(happened: Iterable[datetime], now: datetime) -> int:
    """Until a panel of which something moves looks again: the longer nothing has happened."""
    quiet_for = now - max((each for each in happened if each <= now), default=now - _STEADY_FOR)
    if quiet_for < _BRISK_FOR:
        return _BRISK
    return _STEADY if quiet_for < _STEADY_FOR else _CALM


def pulse_of(retrospective: Retrospective, now: datetime, *parts: Watched) -> str:
    """A token, of one statement, that changes with whatever a panel shows at `now` (aware UTC).

    To be taken before the panel is read: what changes in between shows at the next look.
    parts: what else of the organization's integration is shown.
    """
    statement = _statement(frozenset(parts))
    found = db.session.execute(statement, values_of(retrospective, now)).one()
    happened = [each for name, each in found._mapping.items() if name.startswith("at_") and each]
    every = seconds_after(happened, now) if found.moving else None
    return pulses.digest((retrospective.phase, every, *found))


def statement_of(listed: Select[int], *facts: ColumnElement[Any]) -> Select[Any]:
    """Select what is said of the action items with the ids that `listed` selects, and what they
    depend on beside themselves; to be asked with `values_of`. facts: what else is shown."""
    pause = select(Installation.paused_until).where(Installation.id == 1).scalar_subquery()
    items = _items(listed)
    return (
        select(
            items,
            Organization.plan,
            JiraConnection.state,
            JiraConnection.generation,
            JiraConnection.on_hold_since,
            select(Suspension.since)
            .where(Suspension.connection_id == JiraConnection.id)
            .scalar_subquery(),
            case((JiraConnection.paused_until > NOW, JiraConnection.paused_until)).label("pause"),
            case((pause > NOW, pause)).label("installation_pause"),
            case((JiraConnection.points_wait_until > NOW, JiraConnection.points_wait_until)).label(
                "points"
            ),
            JiraSettings.version,
            _mappings().label("mappings"),
            _finished(listed).label("finished"),
            *facts,
        )
        .select_from(Organization)
        .join(items, true())
        .outerjoin(Organization.connection)
        .outerjoin(Organization.settings)
        .where(Organization.id == bindparam("organization_id"))
    )


def values_of(retrospective: Retrospective, now: datetime) -> dict[str, Any]:
    """The parameters of such a statement, for items of the retrospective's team."""
    of = {
        "retrospective_id": retrospective.id,
        "team_id": retrospective.team_id,
        "organization_id": retrospective.team.organization_id,
    }
    return of | pulses.values_at(now)


@cache  # to put it together takes longer than to ask it
def _statement(parts: frozenset[Watched]) -> Select[Any]:
    listed = ids_listed_in(bindparam("retrospective_id"))
    return statement_of(listed, *pulses.facts_of(parts))


def _finished(listed: Select[int]) -> ColumnElement[int]:
    """How many items somebody creates the issue of: that ends by itself."""
    count = select(func.count(Finishing.action_item_id)).join(Finishing.action_item)
    return count.where(ActionItem.id.in_(listed), Finishing.until > NOW).scalar_subquery()


def _items(listed: Select[int]) -> Subquery:
    active = and_(IssueLink.action_item_id == ActionItem.id, IssueLink.active)
    latest = {
        "item": ActionItem.updated_at,
        "opening": IssueLink.created_at,
        "change": IssueLink.due_since,
        "push": case((IssueLink.due_at <= NOW, IssueLink.due_at)),
        "sync": IssueLink.synced_at,
        "failure": IssueLink.failed_at,
    }
    return (
        select(
            func.count(ActionItem.id).label("items"),
            func.count(IssueLink.id).label("links"),
            func.max(IssueLink.id).label("newest"),
            func.sum(IssueLink.revision).label("revisions"),
            func.sum(case((IssueLink.state.in_(_MOVING), 1), else_=0)).label("moving"),
            func.sum(case((IssueLink.not_before > NOW, 1), else_=0)).label("put_off"),
            *(func.max(moment).label(f"at_{name}") for name, moment in latest.items()),
        )
        .outerjoin(IssueLink, active)
        .where(ActionItem.id.in_(listed), ActionItem.deleted_at.is_(None))
        .subquery("of_items")
    )


def _mappings() -> ScalarSelect[Any]:
    """Where the team's action items go, as people read it."""
    named = (
        ProjectMapping.cloud_id,
        ProjectMapping.project_id,
        ProjectMapping.project_key,
        ProjectMapping.project_name,
        ProjectMapping.issue_type_id,
        ProjectMapping.issue_type_name,
    )
    words: ColumnElement[str] = cast(ProjectMapping.id, String)
    for each in named:
        words = words + literal("\n") + func.coalesce(each, "")
    return (
        select(func.aggregate_strings(words, "\n\n"))
        .where(
            ProjectMapping.organization_id == Organization.id,
            or_(
                ProjectMapping.team_id.is_(None),
                ProjectMapping.team_id == bindparam("team_id"),
            ),
        )
        .correlate(Organization)
        .scalar_subquery()
    )
