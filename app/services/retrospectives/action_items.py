"""Adding, changing, completing and deleting action items."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, CompletedIn, ItemChangeKind, Retrospective, User
from app.models.carry_over import ids_listed_in
from app.services import item_changes
from app.services.errors import ItemDropped, UnpackError
from app.services.fields.table import SYNCED_FIELDS
from app.services.outbound import links, owed_statuses
from app.services.retrospectives import phases


class ActionItemsNotYet(UnpackError):
    sentence = "Action items are added from Discuss on."


@dataclass(frozen=True)
class ActionItemFields:
    """What a person writes: a title of one line, Markdown, whose it is and until when."""

    title: str
    description: str = ""
    assignee_id: int | None = None
    due_on: date | None = None


def add(retrospective: Retrospective, fields: ActionItemFields, author: User) -> ActionItem:
    """Add an action item; it waits for Commit, or after it for Sync to Jira.

    Takes the retrospective's row, as entering Commit does, so that the item is either seen by
    that move or added after it. Raises `ActionItemsNotYet` before Discuss.
    """
    phases.lock(retrospective)
    if not retrospective.phase.has_action_items:
        raise ActionItemsNotYet
    item = ActionItem(
        retrospective=retrospective,
        created_by=author,
        title=fields.title,
        description=fields.description,
        assignee_id=fields.assignee_id,
        due_on=fields.due_on,
    )
    db.session.add(item)
    db.session.flush()
    return item


def edit(item: ActionItem, fields: ActionItemFields, by: User | None = None) -> bool:
    """Change the item; return whether anything differed. Its issue follows by itself.

    by: whoever is named for it; nobody where a change of something else brought it.
    """
    differing = {
        name: value for name, value in vars(fields).items() if getattr(item, name) != value
    }
    was = {field.id: field.source(item) for field in SYNCED_FIELDS if field.attribute in differing}
    before = {name: getattr(item, name) for name in differing}
    for name, value in differing.items():
        setattr(item, name, value)
    item_changes.record_values(item, before, by)
    db.session.flush()
    if "assignee_id" in differing:
        db.session.expire(item, ["assignee"])
    if differing:
        links.item_edited(item, was)
    return bool(differing)


def lock(item: ActionItem) -> None:
    """Hold the row until the transaction ends, so that two requests cannot both open a link."""
    db.session.refresh(item, with_for_update={"of": ActionItem})


def complete(item: ActionItem, person: User) -> None:
    """Complete the item here. What is complete already keeps who completed it, and when.

    Holds the item: somebody may be dropping it just now.
    """
    lock(item)
    if item.complete:
        return
    item.note_completion(utcnow(), CompletedIn.UNPACK, person)
    item_changes.record(item, ItemChangeKind.COMPLETED, person)
    db.session.flush()
    owed_statuses.completed(item)


def reopen(item: ActionItem, by: User | None = None) -> None:
    """Open the item again, whoever completed it. by: nobody where Jira brought it.

    Where a person does, its issue follows, if it is to. Raises `ItemDropped`: what was dropped is
    taken up again by `dropping`. The caller holds the item, if nobody is named.
    """
    if by is not None:
        lock(item)
    if item.dropped:
        raise ItemDropped
    here = item.complete and by is not None
    item.completed_at = None
    item.completed_in = None
    item.completed_by = None
    db.session.flush()
    if here and by is not None:
        item_changes.record(item, ItemChangeKind.REOPENED, by)
        owed_statuses.reopened(item, by.id)


def delete(item: ActionItem, person: User) -> None:
    """Take the item out of Unpack. The row stays, and so does its issue in Jira."""
    if item.deleted_at is not None:
        return
    item.deleted_at = utcnow()
    item.deleted_by_id = person.id
    links.item_deleted(item)
    db.session.flush()


def items_of(retrospective: Retrospective) -> list[ActionItem]:
    """What the retrospective lists, its own and what was carried over to it, in the order of
    writing, with their people."""
    return list(
        db.session.scalars(
            select(ActionItem)
            .where(ActionItem.id.in_(ids_listed_in(retrospective.id)))
            .where(ActionItem.deleted_at.is_(None))
            .options(
                joinedload(ActionItem.assignee),
                joinedload(ActionItem.completed_by),
                joinedload(ActionItem.dropped_by),
            )
            .order_by(ActionItem.id)
        )
    )


def assignable(team_people: Iterable[User], current: User | None) -> list[User]:
    """Whom an item may be given to: the team, and whoever has it although they left the team."""
    people = {person.id: person for person in team_people}
    if current is not None:
        people[current.id] = current
    return sorted(people.values(), key=lambda person: person.name.casefold())
