"""What a person asks of the action items of an organization, as conditions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, or_, select

from app.models import (
    ActionItem,
    IssueLink,
    JiraConnection,
    LinkState,
    Organization,
    unsettled_link,
)


class Completion(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    ALL = "all"


class SyncFilter(StrEnum):
    ANY = ""
    SYNCED = "synced"
    MOVING = "moving"
    ERROR = "error"
    DELETED = "deleted"
    NONE = "none"


class DueFilter(StrEnum):
    ANY = ""
    OVERDUE = "overdue"
    SOON = "soon"
    NONE = "none"


@dataclass(frozen=True)
class Filters:
    """What a person asks for. `owner` is a user's id, 0 for nobody, None for everybody.

    untouched_since: open ones that nobody has changed from that moment on (aware UTC), here or in
    Jira.
    """

    completion: Completion = Completion.OPEN
    text: str = ""
    team_id: int | None = None
    owner: int | None = None
    sync: SyncFilter = SyncFilter.ANY
    due: DueFilter = DueFilter.ANY
    untouched_since: datetime | None = None

    def each_completion(self) -> Iterator["Filters"]:
        """Each index holds open ones or complete ones: who asks for all asks twice."""
        if self.completion is not Completion.ALL:
            yield self
            return
        yield replace(self, completion=Completion.OPEN)
        yield replace(self, completion=Completion.COMPLETE)


_FEW = {
    SyncFilter.MOVING: tuple(state for state in LinkState if state.moving),
    SyncFilter.ERROR: (LinkState.ERROR,),
    SyncFilter.DELETED: (LinkState.DELETED,),
}


def conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    """All but whose the items are, and the text. `today` is the viewer's date."""
    return [
        ActionItem.deleted_at.is_(None),
        *_completion(filters.completion),
        *_owner(filters.owner),
        *_due(filters.due, today),
        *_untouched(filters.untouched_since),
        *_sync(filters.sync),
    ]


def few_by_link(filters: Filters, organization: Organization) -> list[ColumnElement[bool]]:
    """What is asked of issue links of which there are few: they lead to their items."""
    if filters.sync not in _FEW:
        return []
    connection = select(JiraConnection.id).where(JiraConnection.organization_id == organization.id)
    found = select(IssueLink.action_item_id).where(
        IssueLink.connection_id == connection.scalar_subquery(),
        *unsettled_link(_FEW[filters.sync]),
    )
    return [ActionItem.id.in_(found)]


def _completion(completion: Completion) -> list[ColumnElement[bool]]:
    match completion:
        case Completion.OPEN:
            return [ActionItem.completed_at.is_(None)]
        case Completion.COMPLETE:
            return [ActionItem.completed_at.is_not(None)]
        case Completion.ALL:
            return []


def _owner(owner: int | None) -> list[ColumnElement[bool]]:
    return [] if owner is None else [ActionItem.assignee_id == (owner or None)]


def _due(due: DueFilter, today: date) -> list[ColumnElement[bool]]:
    match due:
        case DueFilter.OVERDUE:
            return [ActionItem.due_on < today, ActionItem.completed_at.is_(None)]
        case DueFilter.SOON:
            return [ActionItem.due_on.between(today, today + timedelta(days=7))]
        case DueFilter.NONE:
            return [ActionItem.due_on.is_(None)]
        case DueFilter.ANY:
            return []


def _untouched(since: datetime | None) -> list[ColumnElement[bool]]:
    if since is None:
        return []
    in_jira = ActionItem.touched_in_jira_at
    return [
        ActionItem.completed_at.is_(None),
        ActionItem.updated_at < since,
        or_(in_jira.is_(None), in_jira < since),
    ]


def _sync(sync: SyncFilter) -> list[ColumnElement[bool]]:
    linked = exists().where(IssueLink.action_item_id == ActionItem.id, IssueLink.active.is_(True))
    match sync:
        case SyncFilter.NONE:
            return [~linked]
        case SyncFilter.SYNCED:
            return [linked.where(IssueLink.state == LinkState.SYNCED)]
        case _:
            return []
