"""The action items of a whole organization, filtered and in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.models import ActionItem, IssueLink, LinkState, Organization, Retrospective, Team, User
from app.services.organizations import permissions

PAGE_SIZE = 25


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
    """What a person asks for. `owner` is a user's id, 0 for nobody, None for everybody."""

    completion: Completion = Completion.OPEN
    text: str = ""
    team_id: int | None = None
    owner: int | None = None
    sync: SyncFilter = SyncFilter.ANY
    due: DueFilter = DueFilter.ANY


@dataclass(frozen=True)
class FoundItems:
    """One page of what was found, and how many there are in all."""

    items: Sequence[ActionItem]
    total: int
    page: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE_SIZE + 1 if self.items else 0

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1 if self.items else 0

    @property
    def more(self) -> bool:
        return self.last < self.total


def readable_teams(user: User, organization: Organization) -> list[Team]:
    """The teams whose action items `user` may see, by name."""
    return [team for team in organization.teams if permissions.may_read(user, team)]


def people_of(teams: Sequence[Team]) -> list[User]:
    """Everybody in `teams`, by name."""
    people = {row.user_id: row.user for team in teams for row in team.team_members}
    return sorted(people.values(), key=lambda person: person.name.casefold())


def search(teams: Sequence[Team], filters: Filters, today: date, page: int = 1) -> FoundItems:
    """Find action items of `teams`, the most pressing first. `today` is the viewer's date."""
    query = _query(teams, filters, today)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = max(1, min(page, -(-total // PAGE_SIZE)))
    ordered = query.options(
        contains_eager(ActionItem.retrospective).joinedload(Retrospective.team),
        joinedload(ActionItem.assignee),
    ).order_by(ActionItem.due_on.is_(None), ActionItem.due_on, ActionItem.id)
    rows = db.session.scalars(ordered.offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE))
    return FoundItems(list(rows), total, page)


def _query(teams: Sequence[Team], filters: Filters, today: date) -> Select[Any]:
    wanted = [
        ActionItem.deleted_at.is_(None),
        Retrospective.team_id.in_([team.id for team in teams]),
        *_people_and_places(filters),
        *_completion(filters.completion),
        *_due(filters.due, today),
        *_sync(filters.sync),
        *_text(filters.text),
    ]
    return (
        select(ActionItem)
        .join(ActionItem.retrospective)
        .outerjoin(IssueLink, and_(IssueLink.action_item_id == ActionItem.id, IssueLink.active))
        .where(*wanted)
    )


def _people_and_places(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.team_id is not None:
        wanted.append(Retrospective.team_id == filters.team_id)
    if filters.owner is not None:
        wanted.append(ActionItem.assignee_id == (filters.owner or None))
    return wanted


def _completion(completion: Completion) -> list[ColumnElement[bool]]:
    match completion:
        case Completion.OPEN:
            return [ActionItem.completed_at.is_(None)]
        case Completion.COMPLETE:
            return [ActionItem.completed_at.is_not(None)]
        case Completion.ALL:
            return []


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


def _sync(sync: SyncFilter) -> list[ColumnElement[bool]]:
    match sync:
        case SyncFilter.ANY:
            return []
        case SyncFilter.NONE:
            return [IssueLink.id.is_(None)]
        case SyncFilter.MOVING:
            return [IssueLink.state.in_([state for state in LinkState if state.moving])]
        case _:
            return [IssueLink.state == LinkState(sync.value)]


def _text(text: str) -> list[ColumnElement[bool]]:
    """In the title or the key, whatever the case."""
    if not text.strip():
        return []
    words = text.strip()
    return [
        or_(
            ActionItem.title.icontains(words, autoescape=True),
            IssueLink.issue_key.icontains(words, autoescape=True),
        )
    ]
