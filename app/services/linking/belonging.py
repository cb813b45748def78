"""Whose an issue is: by our property in it, and by the links that have it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.jira.types import Issue
from app.models import ActionItem, IssueLink, JiraConnection
from app.services.outbound.plan import link_of


class Whose(StrEnum):
    NOBODYS = "nobodys"
    THIS_ITEMS = "this-items"
    ANOTHER_ITEMS = "another-items"
    # It names a link that is none of this connection's: of another organization in Unpack.
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class KnownLink:
    """A link of the database, as far as it decides.

    gives_way: it has no issue, or one that was deleted in Jira, so that another may be chosen.
    """

    connection_id: int
    item_id: int
    active: bool
    gives_way: bool = False

    def keeps(self, item_id: int) -> bool:
        """Whether the issue stays its own, although it is to be that item's."""
        return self.active and not (self.item_id == item_id and self.gives_way)


@dataclass(frozen=True)
class Belonging:
    """item: whose the issue is, where it is another one's of this connection."""

    whose: Whose
    item: ActionItem | None = None

    @property
    def free(self) -> bool:
        return self.whose is Whose.NOBODYS


def of_issues(
    connection: JiraConnection, issues: Iterable[Issue], item_id: int
) -> dict[str, Belonging]:
    """By the issue's id. Issues are as read with our property; item_id: who they are meant for."""
    issues = list(issues)
    named = {issue.id: link_of(issue.properties) for issue in issues}
    rows = _links(connection, {name for name in named.values() if name}, set(named))
    by_name = {row.public_id: row for row in rows}
    having = {row.issue_id: row for row in rows if row.active and _is_of(row, connection)}
    found = {}
    for issue in issues:
        name, has = named[issue.id], having.get(issue.id)
        names = by_name.get(name or "")
        whose = whose_is(connection.id, item_id, name, _known(names), _known(has))
        owner = has or names
        other = owner.action_item if owner and whose is Whose.ANOTHER_ITEMS else None
        found[issue.id] = Belonging(whose, other)
    return found


def whose_is(
    connection_id: int,
    item_id: int,
    name: str | None,
    named: KnownLink | None,
    having: KnownLink | None,
) -> Whose:
    """Pure. name: the link that the issue says it belongs to, if it says so; named: that link.

    having: the active link that has the issue, on this connection's site. Only a closed link of
    this connection may be written over, and that of the item itself where it gives way.
    """
    if name is not None and named is None:
        return Whose.ELSEWHERE
    for link in (having, named):
        if link is None:
            continue
        if link.connection_id != connection_id:
            return Whose.ELSEWHERE
        if link.keeps(item_id):
            return Whose.THIS_ITEMS if link.item_id == item_id else Whose.ANOTHER_ITEMS
    return Whose.NOBODYS


def _links(connection: JiraConnection, names: set[str], issue_ids: set[str]) -> list[IssueLink]:
    has_one = IssueLink.issue_id.in_(issue_ids) & (IssueLink.cloud_id == connection.cloud_id)
    query = (
        select(IssueLink)
        .where(or_(IssueLink.public_id.in_(names), has_one & IssueLink.active))
        .options(joinedload(IssueLink.action_item))
        .order_by(IssueLink.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def _is_of(row: IssueLink, connection: JiraConnection) -> bool:
    return row.issue_id is not None and row.cloud_id == connection.cloud_id


def _known(row: IssueLink | None) -> KnownLink | None:
    if row is None:
        return None
    return KnownLink(row.connection_id, row.action_item_id, row.active, row.gives_way)
