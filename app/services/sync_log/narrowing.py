"""Which entries of the sync log are asked for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union

from app.extensions import db
from app.models import (
    ActionItem,
    EntryState,
    IssueLink,
    JiraConnection,
    LinkState,
    Operation,
    SyncEntry,
    Team,
    unsettled_entry,
    unsettled_link,
)
from app.services import text_search
from app.services.outbound.links import in_sync_error
from app.services.sync_log.days import Days
from app.services.text_search import Place, Reach


class Shown(StrEnum):
    """Which entries: by what has become of them so far."""

    ALL = "all"
    FAILED = "failed"
    RETRYING = "retrying"
    SYNCED = "synced"


@dataclass(frozen=True)
class Filters:
    """What an admin asks for. `text` is looked for in titles and keys, `days` by the last try."""

    shown: Shown = Shown.ALL
    team_id: int | None = None
    text: str = ""
    days: Days | None = None

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return self != Filters()


def entries_of(organization_id: int, filters: Filters) -> Select[Any]:
    """Select what `filters` let through, with the link and the item beside it."""
    wanted = [
        *_whose(organization_id, filters.team_id),
        *_shown(filters.shown),
        *_with_words(organization_id, text_search.typed(filters.text)),
        *_within(filters.days),
    ]
    return select(SyncEntry).join(SyncEntry.link).join(SyncEntry.action_item).where(*wanted)


def _whose(organization_id: int, team_id: int | None) -> list[ColumnElement[bool]]:
    """A team's are found by the team: the organization's would be gone through for them."""
    if team_id is None:
        return [SyncEntry.organization_id == organization_id]
    own = exists().where(Team.id == team_id, Team.organization_id == organization_id)
    return [SyncEntry.team_id == team_id, own]


def moving() -> list[ColumnElement[bool]]:
    """What makes an issue link, joined with its action item, count as on its way."""
    states = [state for state in LinkState if state.moving]
    return [*unsettled_link(states), ~ActionItem.let_go]


def has_words(text: str) -> list[ColumnElement[bool]]:
    """Whether an issue link, joined with its item, has `text` in today's title or the key: for
    few of them, which are looked at one by one."""
    words = text_search.typed(text)
    if not words:
        return []
    title = text_search.has(ActionItem.title, words)
    return [or_(title, text_search.has(IssueLink.issue_key, words))]


def _shown(shown: Shown) -> list[ColumnElement[bool]]:
    """By the link where it is still being worked on: retrying it writes to the link first."""
    unfinished = SyncEntry.state != EntryState.SYNCED
    settled = and_(IssueLink.active, IssueLink.state == LinkState.SYNCED)
    match shown:
        case Shown.ALL:
            return []
        case Shown.FAILED:
            return [unsettled_entry(), *in_sync_error()]
        case Shown.RETRYING:
            return [unsettled_entry(), *moving()]
        case Shown.SYNCED:
            return [or_(~unfinished, settled), _went_well()]


def _went_well() -> ColumnElement[bool]:
    """Whether an entry that came back from Jira tells of nothing bad."""
    trouble = SyncEntry.operation.in_([Operation.SECOND_LOOK, Operation.TRANSITION])
    bad = and_(trouble, SyncEntry.state == EntryState.ERROR)
    return and_(SyncEntry.operation != Operation.DISAPPEAR, ~bad)


def _within(days: Days | None) -> list[ColumnElement[bool]]:
    begin, end = (days.begin, days.end) if days else (None, None)
    since = [SyncEntry.updated_at >= begin] if begin else []
    return since + ([SyncEntry.updated_at < end] if end else [])


def _with_words(organization_id: int, words: str) -> list[ColumnElement[bool]]:
    """Those of items that have `words` in today's title or the key, or had when it was tried."""
    if not words:
        return []
    reach, owners = text_search.reach(), (organization_id,)
    then = Place(SyncEntry.title, SyncEntry.id, "organization", SyncEntry.organization_id, owners)
    today = Place(
        ActionItem.title, ActionItem.id, "organization", ActionItem.organization_id, owners
    )
    found = [
        select(text_search.matches(then, words, reach).subquery()),
        select(SyncEntry.id).where(SyncEntry.action_item_id.in_(_ids(today, words, reach))),
    ]
    if len(words) >= text_search.TRIGRAM:
        key = _keys_of(organization_id)
        by_key = SyncEntry.issue_link_id.in_(_ids(key, words, reach))
        found.append(select(SyncEntry.id).where(by_key))
    # Looked for once, whatever is asked of them then.
    return [SyncEntry.id.in_(db.session.scalars(union(*found)).all())]


def _ids(place: Place, words: str, reach: Reach) -> Select[Any]:
    return select(text_search.matches(place, words, reach).subquery())


def _keys_of(organization_id: int) -> Place:
    connection = select(JiraConnection.id).where(JiraConnection.organization_id == organization_id)
    ids = tuple(db.session.scalars(connection)) or (0,)
    return Place(IssueLink.issue_key, IssueLink.id, "connection", IssueLink.connection_id, ids)
