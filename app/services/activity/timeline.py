"""All that is known of what happened to one action item, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import groupby

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models import (
    ActionItem,
    CarryOver,
    IssueLink,
    ItemChange,
    ItemChangeKind,
    SyncEntry,
    User,
)
from app.models.deleted_retrospective import DeletedRetrospective
from app.services.activity import item_words, log_words
from app.services.activity.activity_lines import ActivityLine

LONGEST = 100
KEPT = timedelta(days=2 * 365)
PRUNE_BATCH = 500


class Where(StrEnum):
    """What somebody asks to see."""

    ALL = ""
    HERE = "here"
    JIRA = "jira"


@dataclass(frozen=True)
class Timeline:
    """By day of the zone of who looks. more: there is more than is shown."""

    days: Sequence[tuple[date, Sequence[ActivityLine]]]
    where: Where
    more: bool


def timeline_of(item: ActionItem, where: Where, zone: tzinfo) -> Timeline:
    """The newest lines. In as many statements for many changes as for one."""
    lines = [*_of_item(item), *_of_links(item), *_of_log(item)]
    shown = [line for line in lines if where is Where.ALL or line.in_jira == (where is Where.JIRA)]
    shown.sort(key=lambda line: line.at, reverse=True)
    days = groupby(shown[:LONGEST], key=lambda line: _day(line.at, zone))
    return Timeline([(day, list(of_day)) for day, of_day in days], where, len(shown) > LONGEST)


def prune(now: datetime) -> int:
    """Delete one batch of changes older than two years before `now` (aware UTC); how many."""
    old = select(ItemChange.id).where(ItemChange.changed_at < now - KEPT)
    ids = db.session.scalars(old.order_by(ItemChange.changed_at).limit(PRUNE_BATCH)).all()
    if ids:
        db.session.execute(delete(ItemChange).where(ItemChange.id.in_(ids)))
    return len(ids)


def _of_item(item: ActionItem) -> list[ActivityLine]:
    changes = db.session.scalars(
        select(ItemChange)
        .where(ItemChange.action_item_id == item.id)
        .options(joinedload(ItemChange.user))
        .order_by(ItemChange.id.desc())
        .limit(LONGEST + 1)
    ).all()
    names = _names(changes)
    found = [item_words.line_of(change, names) for change in changes]
    found += _of_retrospectives(item)
    completed = item_words.completed_before(item)
    recorded = any(change.kind is ItemChangeKind.COMPLETED for change in changes)
    return found + ([completed] if completed and not recorded else [])


def _of_retrospectives(item: ActionItem) -> list[ActivityLine]:
    """Where it was written, committed and carried over to."""
    carried = db.session.scalars(
        select(CarryOver)
        .where(CarryOver.action_item_id == item.id)
        .options(joinedload(CarryOver.retrospective), joinedload(CarryOver.carried_by))
        .order_by(CarryOver.id.desc())
        .limit(LONGEST)
    ).all()
    listing = {item.retrospective_id, *(each.retrospective_id for each in carried)}
    deleted = select(DeletedRetrospective.retrospective_id)
    gone = set(
        db.session.scalars(deleted.where(DeletedRetrospective.retrospective_id.in_(listing)))
    )
    lines = [item_words.written(item, gone), item_words.committed(item, gone)]
    return [*filter(None, lines), *(item_words.carried(each, gone) for each in carried)]


def _names(changes: Iterable[ItemChange]) -> dict[int, str]:
    given = [change for change in changes if change.kind is ItemChangeKind.ASSIGNEE]
    ids = {int(value) for each in given for value in (each.before, each.after) if value}
    if not ids:
        return {}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _of_links(item: ActionItem) -> list[ActivityLine]:
    closed = select(IssueLink).where(
        IssueLink.action_item_id == item.id, IssueLink.active.is_(False)
    )
    newest = db.session.scalars(closed.order_by(IssueLink.id.desc()).limit(LONGEST))
    return [line for link in newest if (line := log_words.unlinked(link))]


def _of_log(item: ActionItem) -> list[ActivityLine]:
    entries = db.session.scalars(
        select(SyncEntry)
        .where(SyncEntry.action_item_id == item.id)
        .options(joinedload(SyncEntry.link))
        .order_by(SyncEntry.id.desc())
        .limit(LONGEST + 1)
    )
    return [line for entry in entries if (line := log_words.line_of(entry))]


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()
