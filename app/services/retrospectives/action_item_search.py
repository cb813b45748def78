"""The action items of a whole organization, filtered and in pages.

Whatever is asked for comes from an index in the order of the page, or is few: then it is put in
order here. So a page costs the same however many items there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import contains_eager, joinedload

from app.extensions import db
from app.identifiers import is_number
from app.models import (
    ActionItem,
    IssueLink,
    JiraConnection,
    Organization,
    Retrospective,
    Team,
    User,
)
from app.services import text_search
from app.services.counts import MOST, Count
from app.services.organizations import permissions
from app.services.retrospectives.item_filters import DueFilter, Filters, conditions, few_by_link
from app.services.retrospectives.item_scopes import MOST_TEAMS, scopes
from app.services.text_search import Place, Reach

PAGE_SIZE = 25


@dataclass(frozen=True)
class Position:
    """A place between two items in the order of the list: that of the item with these."""

    due_on: date | None
    id: int

    @property
    def text(self) -> str:
        """For an address."""
        return f"{self.due_on.isoformat() if self.due_on else 'later'}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """What `text` wrote; None if it is something else."""
        day, _, number = text.partition(".")
        if not is_number(number):
            return None
        if day == "later":
            return cls(None, int(number))
        try:
            return cls(date.fromisoformat(day), int(number))
        except ValueError:
            return None


@dataclass(frozen=True)
class FoundItems:
    """One page of what was found, how many there are in all, and where the pages beside it begin.

    reach: how far the text was looked for. cut: more fits the text than is looked at.
    """

    items: Sequence[ActionItem]
    total: Count
    before: Position | None = None
    after: Position | None = None
    reach: Reach = Reach.EVERYTHING
    cut: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing stands on another page."""
        return not self.before and not self.after


def readable_teams(user: User, organization: Organization) -> list[Team]:
    """The teams whose action items `user` may see, by name."""
    return [team for team in organization.teams if permissions.may_read(user, team)]


def people_of(teams: Sequence[Team]) -> list[User]:
    """Everybody in `teams`, by name."""
    people = {row.user_id: row.user for team in teams for row in team.team_members}
    return sorted(people.values(), key=lambda person: person.name.casefold())


def search(
    organization: Organization,
    teams: Sequence[Team],
    filters: Filters,
    today: date,
    *,
    after: Position | None = None,
    before: Position | None = None,
) -> FoundItems:
    """Find action items of `teams`, some of the organization's, the most pressing first.

    The ones after a position, or the ones just before it; else the first. `today` is the viewer's
    date.
    """
    if filters.team_id is not None:
        teams = [team for team in teams if team.id == filters.team_id]
    words = text_search.typed(filters.text)
    reach = text_search.reach() if words else Reach.EVERYTHING
    few = few_by_link(filters, organization)
    fitting = _fitting(organization, teams, words, reach) if words else []
    if words:
        few.append(ActionItem.id.in_(fitting))
    rows = _Rows(organization, teams, filters, today, few)
    cut = len(fitting) >= text_search.MOST
    items, back, more = _page(rows, after, before)
    return FoundItems(
        items,
        rows.count(),
        before=_position(items[0]) if back and items else None,
        after=_position(items[-1]) if more and items else None,
        reach=reach,
        cut=cut and reach is Reach.EVERYTHING,
    )


def open_count(organization: Organization, teams: Sequence[Team]) -> Count:
    """How many action items of `teams` are open."""
    return _Rows(organization, teams, Filters(), date.min, []).count()


def overdue_count(organization: Organization, teams: Sequence[Team], today: date) -> Count:
    """How many of them are overdue on `today`."""
    return _Rows(organization, teams, Filters(due=DueFilter.OVERDUE), today, []).count()


def most_pressing(
    organization: Organization, teams: Sequence[Team], size: int
) -> Sequence[ActionItem]:
    """The open action items of `teams` that are due soonest, at most `size`."""
    return _Rows(organization, teams, Filters(), date.min, []).read(None, False, size)


def _page(
    rows: "_Rows", after: Position | None, before: Position | None
) -> tuple[Sequence[ActionItem], bool, bool]:
    """The items, and whether there are some before and after them."""
    if before is not None and after is None:
        items = rows.read(before, True, PAGE_SIZE + 1)
        if len(items) > PAGE_SIZE:
            return items[1:], True, True
        after = None  # The first page is reached.
    items = rows.read(after, False, PAGE_SIZE + 1)
    return items[:PAGE_SIZE], after is not None, len(items) > PAGE_SIZE


@dataclass(frozen=True)
class _Rows:
    """What is asked for: in parts that each come from one index in the order of the list, or, if
    it is `few`, in one part that is put in order."""

    organization: Organization
    teams: Sequence[Team]
    filters: Filters
    today: date
    few: Sequence[ColumnElement[bool]]

    def count(self) -> Count:
        parts = [
            select(part.with_only_columns(literal(1).label("one")).limit(MOST + 1).subquery())
            for part in self._parts(None, False)
        ]
        if not parts:
            return Count(0)
        every = union_all(*parts).subquery()
        return Count(db.session.scalar(select(func.count()).select_from(every)) or 0)

    def read(self, position: Position | None, backwards: bool, size: int) -> Sequence[ActionItem]:
        """At most `size` items beyond the position, in the order of the list."""
        within = _order if self.few else _order_of_part
        parts = [
            select(part.order_by(*within(ActionItem, backwards)).limit(size).subquery())
            for part in self._parts(position, backwards)
        ]
        if not parts:
            return []
        every = union_all(*parts).subquery().c
        first = select(every.id).order_by(*_order(every, backwards)).limit(size).subquery()
        found = (
            select(ActionItem)
            .join(first, first.c.id == ActionItem.id)
            .join(ActionItem.retrospective)
            .options(
                contains_eager(ActionItem.retrospective).joinedload(Retrospective.team),
                joinedload(ActionItem.assignee),
            )
            .order_by(*_order(ActionItem, backwards))
        )
        items = list(db.session.scalars(found))
        return items[::-1] if backwards else items

    def _parts(self, position: Position | None, backwards: bool) -> Iterator[Select[Any]]:
        whose = scopes(ActionItem, self.organization, self.teams)
        beyond = _beyond(position, backwards)
        if self.few and whose:
            yield self._part(or_(*whose), self.filters).where(or_(*beyond), *self.few)
            return
        for scope in whose:
            for filters in self.filters.each_completion():
                for place in beyond:
                    yield self._part(scope, filters).where(place)

    def _part(self, scope: ColumnElement[bool], filters: Filters) -> Select[Any]:
        columns: list[Any] = [ActionItem.id, ActionItem.due_on]
        return select(*columns).where(scope, *conditions(filters, self.today))


def _order(columns: Any, backwards: bool) -> list[ColumnElement[Any]]:
    """What has no due date comes last."""
    order = (columns.due_on.is_(None), columns.due_on, columns.id)
    return [each.desc() if backwards else each.asc() for each in order]


def _order_of_part(columns: Any, backwards: bool) -> list[ColumnElement[Any]]:
    """The order of an index: a part has due dates, or has none."""
    return _order(columns, backwards)[1:]


def _beyond(position: Position | None, backwards: bool) -> list[ColumnElement[bool]]:
    """What lies beyond: of what has a due date, and of what has none."""
    has_date, has_none = ActionItem.due_on >= date.min, ActionItem.due_on.is_(None)
    if position is None:
        return [has_date, has_none]
    if position.due_on is None:
        own = ActionItem.id < position.id if backwards else ActionItem.id > position.id
        return [*([has_date] if backwards else []), and_(has_none, own)]
    own_place = tuple_(ActionItem.due_on, ActionItem.id)
    other = tuple_(literal(position.due_on), literal(position.id))
    if backwards:
        return [own_place < other]
    return [own_place > other, has_none]


def _position(item: ActionItem) -> Position:
    return Position(item.due_on, item.id)


def _fitting(
    organization: Organization, teams: Sequence[Team], words: str, reach: Reach
) -> Sequence[int]:
    """The ids of the items of `teams` whose title or key has `words`: as many as are looked at.

    One statement, so that they are looked for once, whatever is asked of them then.
    """
    title = Place(
        ActionItem.title,
        ActionItem.id,
        "organization",
        ActionItem.organization_id,
        (organization.id,),
    )
    if len(teams) < len(organization.teams) and len(teams) <= MOST_TEAMS:
        ids = tuple(team.id for team in teams)
        title = replace(title, whose="team", owner=ActionItem.team_id, owners=ids)
    found = [select(text_search.matches(title, words, reach).subquery())]
    if organization.connection is not None and len(words) >= text_search.TRIGRAM:
        found.append(_with_key(organization.connection, words, reach))
    return db.session.scalars(union(*found)).all()


def _with_key(connection: JiraConnection, words: str, reach: Reach) -> Select[int]:
    owner, owners = IssueLink.connection_id, (connection.id,)
    key = Place(IssueLink.issue_key, IssueLink.id, "connection", owner, owners)
    links = select(text_search.matches(key, words, reach).subquery())
    return select(IssueLink.action_item_id).where(IssueLink.id.in_(links), IssueLink.active)
