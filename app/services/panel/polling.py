"""Watching for what changes in Jira: whether a panel does, and a cheap way to see that it did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from app.extensions import db
from app.models import (
    ActionItem,
    CarryOver,
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
    Team,
)
from app.models.deleted_retrospective import not_deleted
from app.services import pulses
from app.services.organizations import permissions, team_access
from app.services.organizations.permissions import TeamAccess
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
# Written into the statement: values are sent along with each poll, and read there again.
_MOVING: list[ColumnElement[LinkState]] = [
    literal_column(f"'{state.value}'") for state in LinkState if state.moving
]
_ONE: ColumnElement[int] = literal_column("1")
_NONE: ColumnElement[int] = literal_column("0")
_NOTHING: ColumnElement[str] = literal_column("''")
_BREAK: Any = literal_column("'\n'")
_OF_ITEM = (ActionItem.id, ActionItem.updated_at)
_RETROSPECTIVE: BindParameter[int] = bindparam("retrospective_id")


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


@dataclass(frozen=True)
class Look:
    """What somebody who looks again is told: the pulse, what they are to the team, and how many
    seconds a panel of which something moves waits by now; None of one of which nothing does."""

    pulse: str
    access: TeamAccess
    every: int | None


def pulse_of(retrospective: Retrospective, now: datetime, *parts: Watched) -> str:
    """A token, of one statement, that changes with whatever a panel shows at `now` (aware UTC).

    To be taken before the panel is read: what changes in between shows at the next look.
    parts: what else of the organization's integration is shown.
    """
    statement = _statement(frozenset(parts))
    found = db.session.execute(statement, values_at(retrospective.id, now)).one()
    return pulses.digest(found)


def look_for(user_id: int, retrospective_id: int, now: datetime) -> Look | None:
    """The pulse of a panel for somebody, of one statement as well; None where there is nothing
    that they may see."""
    asked = values_at(retrospective_id, now) | {"user_id": user_id}
    found = db.session.connection().execute(_statement_for_somebody(), asked).one_or_none()
    if found is None or not (access := permissions.access_as(found.role, found.facilitator)):
        return None
    return Look(pulses.digest(found[:-2]), access, _every(found, now) if found.moving else None)


def _every(found: Row[Any], now: datetime) -> int:
    happened = [each for name, each in found._mapping.items() if name.startswith("at_") and each]
    return seconds_after(happened, now)


def statement_of(listed: Select[int], *facts: ColumnElement[Any]) -> Select[Any]:
    """Select what is said of the action items with the ids that `listed` selects, and of what they
    depend on beside themselves in a retrospective; to be asked with `values_at`. facts: what else
    is shown."""
    items = select(*_OF_ITEM).where(ActionItem.id.in_(listed), ActionItem.deleted_at.is_(None))
    return _together(items.subquery("item"), _apart(_place()), facts)


def values_at(retrospective_id: int, now: datetime) -> dict[str, Any]:
    """The parameters of such a statement."""
    return {"retrospective_id": retrospective_id} | pulses.values_at(now)


@cache  # to put it together takes longer than to ask it
def _statement(parts: frozenset[Watched]) -> Select[Any]:
    return _together(_listed(), _apart(_place()), pulses.facts_of(parts))


@cache
def _statement_for_somebody() -> Select[Any]:
    there = _place().where(not_deleted()).add_columns(*team_access.columns())
    place = _apart(there)
    return _together(_listed(), place, [place.c.role, place.c.facilitator])


def _listed() -> Subquery:
    """All that are listed, each by an index: the retrospective's own, and the carried over.

    By their ids (`ids_listed_in`) its own would be looked up a second time, with every poll.
    """
    there = ActionItem.deleted_at.is_(None)
    own = select(*_OF_ITEM).where(ActionItem.retrospective_id == _RETROSPECTIVE, there)
    carried = (
        select(*_OF_ITEM)
        .join(CarryOver, CarryOver.action_item_id == ActionItem.id)
        .where(CarryOver.retrospective_id == _RETROSPECTIVE, there)
    )
    return union_all(own, carried).subquery("item")


def _place() -> Select[Any]:
    """The retrospective and whose it is."""
    columns: tuple[Any, ...] = (Retrospective.phase, Team.id.label("team_id"), Team.organization_id)
    found: Select[Any] = select(*columns).join(Retrospective.team)
    return found.where(Retrospective.id == _RETROSPECTIVE)


def _apart(place: Select[Any]) -> CTE:
    """PostgreSQL would weigh all orders in which it could join that and everything else, for longer
    than all of it takes."""
    return place.cte("place").prefix_with("MATERIALIZED", dialect="postgresql")


def _together(items: Subquery, place: CTE, facts: Iterable[ColumnElement[Any]]) -> Select[Any]:
    of_items = _of_items(items)
    pause = case((Installation.paused_until > NOW, Installation.paused_until))
    return (
        select(
            of_items,
            place.c.phase,
            Organization.plan,
            JiraConnection.state,
            JiraConnection.generation,
            JiraConnection.on_hold_since,
            select(Suspension.since)
            .where(Suspension.connection_id == JiraConnection.id)
            .scalar_subquery(),
            case((JiraConnection.paused_until > NOW, JiraConnection.paused_until)).label("pause"),
            select(pause).where(Installation.id == _ONE).scalar_subquery(),
            case((JiraConnection.points_wait_until > NOW, JiraConnection.points_wait_until)).label(
                "points"
            ),
            JiraSettings.version,
            _mappings(place).label("mappings"),
            *facts,
        )
        .select_from(place)
        .join(Organization, Organization.id == place.c.organization_id)
        .join(of_items, true())
        .outerjoin(Organization.connection)
        .outerjoin(Organization.settings)
    )


def _of_items(items: Subquery) -> Subquery:
    active = and_(IssueLink.action_item_id == items.c.id, IssueLink.active)
    # Whoever creates an issue by hand: that ends by itself.
    finished = and_(Finishing.action_item_id == items.c.id, Finishing.until > NOW)
    latest = {
        "item": items.c.updated_at,
        "opening": IssueLink.created_at,
        "change": IssueLink.due_since,
        "push": case((IssueLink.due_at <= NOW, IssueLink.due_at)),
        "sync": IssueLink.synced_at,
        "failure": IssueLink.failed_at,
    }
    return (
        select(
            func.sum(case((IssueLink.state.in_(_MOVING), _ONE), else_=_NONE)).label("moving"),
            *(func.max(moment).label(f"at_{name}") for name, moment in latest.items()),
            func.count(items.c.id).label("items"),
            func.count(IssueLink.id).label("links"),
            func.max(IssueLink.id).label("newest"),
            func.sum(IssueLink.revision).label("revisions"),
            func.sum(case((IssueLink.not_before > NOW, _ONE), else_=_NONE)).label("put_off"),
            func.count(Finishing.action_item_id).label("finished"),
        )
        .select_from(items)
        .outerjoin(IssueLink, active)
        .outerjoin(Finishing, finished)
        .subquery("of_items")
    )


def _mappings(place: CTE) -> ScalarSelect[Any]:
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
        words = words + _BREAK + func.coalesce(each, _NOTHING)
    return (
        select(func.aggregate_strings(words, _BREAK))
        .where(
            ProjectMapping.organization_id == Organization.id,
            or_(
                ProjectMapping.team_id.is_(None),
                ProjectMapping.team_id == place.c.team_id,
            ),
        )
        .correlate(Organization, place)
        .scalar_subquery()
    )
