"""What a team committed before, as its next retrospective shows it until that is committed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, select, union_all

from app.extensions import db
from app.models import (
    ActionItem,
    CarryOver,
    IssueLink,
    JiraConnection,
    LinkState,
    Phase,
    Retrospective,
    User,
)
from app.models.deleted_retrospective import not_deleted
from app.models.issue_status import status_of
from app.services import pulses
from app.services.inbound import looking_back
from app.services.outbound.links import active_links
from app.services.panel import carried, last_time_words, panels, polling
from app.services.panel.circumstances import Circumstances
from app.services.panel.item_states import ItemState
from app.services.panel.last_time_words import Rank, TruthWords
from app.services.retrospectives import earlier_items, untouched
from app.services.retrospectives.due_words import is_overdue
from app.services.retrospectives.earlier_items import EarlierItems


@dataclass(frozen=True)
class EarlierRow:
    """An action item of before. `origin`: the title of the retrospective in which it was written.
    `often`: how often it was carried over, in words."""

    item: ActionItem
    state: ItemState
    rank: Rank
    origin: str = ""
    often: str = ""


@dataclass(frozen=True)
class LastTime:
    """All of it, the worst first. `reads`: Jira should be asked what became of it. `more`: there
    are more open ones than are shown. `pulse` changes with whatever is shown."""

    rows: Sequence[EarlierRow]
    truth: TruthWords
    reads: bool
    more: bool
    pulse: str

    @property
    def counts(self) -> str:
        return last_time_words.count_words([row.rank for row in self.rows])

    @property
    def carriable(self) -> list[EarlierRow]:
        """What "Carry over all" is about: not what Jira says is done."""
        open_ones = (row for row in self.rows if row.rank.is_open_here)
        return [row for row in open_ones if row.rank is not Rank.DONE_IN_JIRA]


def last_time_of(
    retrospective: Retrospective, around: Circumstances, now: datetime, zone: tzinfo
) -> LastTime | None:
    """None where there is nothing to look back at: it is in Commit, or the team's first one.

    around: what the retrospective's items depend on. now: aware UTC. zone: the viewer's.
    """
    if retrospective.phase.position >= Phase.COMMIT.position:
        return None
    pulse = pulse_of(retrospective, now, zone)
    items = earlier_items.earlier_items(retrospective)
    if not items.all:
        return None
    links = active_links(items.all)
    rows = _rows(items, retrospective, links, now.astimezone(zone).date(), zone)
    read = _read(items, links, around.connection)
    as_of = min(filter(None, map(_read_at, read)), default=None)
    return LastTime(
        sorted(rows, key=_order),
        last_time_words.truth_words(around, as_of, retrospective.looked_back_at, now),
        bool(read) and looking_back.is_due(retrospective, around.connection, now),
        items.more,
        pulse,
    )


def links_of_before(retrospective: Retrospective) -> list[IssueLink]:
    """The issue links that what became of it is read by."""
    return list(active_links(earlier_items.earlier_items(retrospective).open).values())


def pulse_of(retrospective: Retrospective, now: datetime, zone: tzinfo) -> str:
    """A token, of one statement, that changes with whatever of it is shown to somebody in `zone` at
    `now` (aware UTC). To be taken first."""
    since = earlier_items.last_commit_of(retrospective).scalar_subquery()
    shown = union_all(
        earlier_items.open_ones(retrospective).with_only_columns(*_SHOWN),
        earlier_items.closed_ones(retrospective, since).with_only_columns(*_SHOWN),
    ).cte("shown")
    statement = polling.statement_of(select(shown.c.id), *_facts_of(shown))
    found = db.session.execute(statement, polling.values_at(retrospective.id, now)).one()
    asked_at, today = retrospective.looked_back_at, now.astimezone(zone).date()
    answered_by_now = asked_at is not None and now > asked_at + last_time_words.ANSWER_WITHIN
    return pulses.digest((asked_at, answered_by_now, today, *found))


# What names a person or a retrospective at an item.
_PEOPLE = (ActionItem.assignee_id, ActionItem.completed_by_id, ActionItem.dropped_by_id)
_SHOWN = (ActionItem.id, ActionItem.retrospective_id, *_PEOPLE)


def _facts_of(shown: CTE) -> list[ColumnElement[Any]]:
    """What a panel does not say of its items: when Jira was read, where they were written and
    carried over to, and the names of people."""
    ids = select(shown.c.id)
    read = select(func.max(IssueLink.status_seen_at)).where(
        IssueLink.active, IssueLink.action_item_id.in_(ids)
    )
    carried_over = (CarryOver.action_item_id.in_(ids), not_deleted())
    origins = Retrospective.id.in_(select(shown.c.retrospective_id))
    people = User.id.in_(union_all(*(select(shown.c[each.key]) for each in _PEOPLE)))
    times = select(func.count(CarryOver.id)).join(CarryOver.retrospective).where(*carried_over)
    last = select(func.max(CarryOver.id)).join(CarryOver.retrospective).where(*carried_over)
    return [
        read.scalar_subquery(),
        times.scalar_subquery(),
        last.scalar_subquery(),
        _joined(select(Retrospective.title).where(origins).order_by(Retrospective.id)),
        _joined(select(User.name).where(people).order_by(User.id)),
    ]


def _joined(words: Select[str]) -> ColumnElement[str]:
    (each,) = words.subquery().c
    return select(func.aggregate_strings(each, "\n")).scalar_subquery()


def _rows(
    items: EarlierItems,
    retrospective: Retrospective,
    links: Mapping[int, IssueLink],
    today: date,
    zone: tzinfo,
) -> list[EarlierRow]:
    organization = retrospective.team.organization
    states = panels.states_of(organization, items.all)
    times = carried.times_of(items.all)
    rows = []
    for item in items.all:
        link, days = links.get(item.id), untouched.days_untouched(item, today, zone)
        rank = _rank(item, link, item.id in items.carried, today, days)
        state = last_time_words.state_words(states[item.id], rank, days)
        often = carried.often_words(times[item.id] - (rank is Rank.CARRIED))
        rows.append(EarlierRow(item, state, rank, item.retrospective.title, often))
    return rows


def _rank(item: ActionItem, link: IssueLink | None, here: bool, today: date, days: int) -> Rank:
    if item.complete:
        return Rank.DROPPED if item.dropped else Rank.DONE
    if here:
        return Rank.CARRIED
    if link is not None and link.state is LinkState.DELETED:
        return Rank.DELETED
    status = status_of(link) if link is not None else None
    if status is not None and status.done:
        return Rank.DONE_IN_JIRA
    if is_overdue(item, today):
        return Rank.OVERDUE
    return Rank.UNTOUCHED if days else Rank.OPEN


def _read(
    items: EarlierItems, links: Mapping[int, IssueLink], connection: JiraConnection | None
) -> list[IssueLink]:
    """Those of which Jira is asked what became: nobody asks for what is closed here."""
    if connection is None:
        return []
    of_open = [links[item.id] for item in items.open if item.id in links]
    return [link for link in of_open if looking_back.may_be_read(link, connection)]


def _read_at(link: IssueLink) -> datetime | None:
    """When it was last known what its issue is; nothing of one that is gone."""
    gone = link.state in {LinkState.DELETED, LinkState.UNSEEN}
    return None if gone else link.status_seen_at


def _order(row: EarlierRow) -> tuple[Rank, bool, date, int]:
    due = row.item.due_on
    return row.rank, due is None, due or date.max, row.item.id
