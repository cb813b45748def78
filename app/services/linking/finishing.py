"""Holding an action item for somebody who creates its issue in Jira themselves (design.md §3.8)."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, Finishing, User
from app.queue import ring_after_commit
from app.services import audit
from app.services.errors import TeamDoesNotSync, UnpackError
from app.services.grants.asking import require_connection
from app.services.linking import held
from app.services.mapping.mappings import does_not_sync
from app.services.retrospectives import action_items

LENGTH = timedelta(minutes=30)
SUGGESTS = timedelta(minutes=10)


class FinishedByAnother(UnpackError):
    """Somebody else is at it; the sentence says who."""


def begin(item: ActionItem, by: User) -> Finishing:
    """Hold the item for the person: no issue is created for it until the end.

    Again: the time begins anew. Raises `FinishedByAnother`, `TeamDoesNotSync`, and what
    `held.hold_free` and `require_connection` do. Holds connection, item and link, so that no drain
    claims meanwhile.
    """
    team = item.retrospective.team
    require_connection(team.organization, locked=True)
    if does_not_sync(team):
        raise TeamDoesNotSync
    held.hold_free(item)
    before = now_of(item)
    if before is not None and before.user_id != by.id:
        raise FinishedByAnother(f"{before.user.name} is finishing this in Jira.")
    now = utcnow()
    row = db.session.get(Finishing, item.id) or Finishing(action_item_id=item.id)
    row.user, row.started_at, row.until = by, now, now + LENGTH
    db.session.add(row)
    item.updated_at = now
    if before is None:
        audit.record_on(item, by, "jira.finishing-begun")
    db.session.flush()
    return row


def stop(item: ActionItem, by: User) -> None:
    """Nobody waits for it any more; what became due meanwhile goes out."""
    action_items.lock(item)
    if end(item):
        audit.record_on(item, by, "jira.finishing-stopped")


def require_nobody(item: ActionItem) -> None:
    """Raises `FinishedByAnother` while somebody creates the issue in Jira."""
    row = now_of(item)
    if row is not None:
        raise FinishedByAnother(
            f"{row.user.name} is finishing this in Jira, so nothing is created meanwhile. "
            "Stop waiting first."
        )


def now_of(item: ActionItem) -> Finishing | None:
    """Who is finishing it now, if anybody is."""
    return now_of_all([item.id]).get(item.id)


def now_of_all(item_ids: Iterable[int]) -> dict[int, Finishing]:
    """The same of several, by the item's id."""
    ids = list(item_ids)
    if not ids:
        return {}
    rows = db.session.scalars(
        select(Finishing)
        .where(Finishing.action_item_id.in_(ids), Finishing.until > utcnow())
        .options(joinedload(Finishing.user))
    )
    return {row.action_item_id: row for row in rows}


def end(item: ActionItem) -> bool:
    """Nobody finishes it any more. Whether somebody did."""
    ended = now_of(item) is not None
    db.session.execute(delete(Finishing).where(Finishing.action_item_id == item.id))
    if ended:
        item.updated_at = utcnow()
        connection = item.retrospective.team.organization.connection
        if connection is not None:
            ring_after_commit(connection.id)  # for what became due meanwhile
    db.session.flush()
    return ended
