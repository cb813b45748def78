"""Closing an action item that the team does not want any more, and taking it up again.

Nothing is completed or deleted in Jira: the issue stays as it is, and is left alone from then on
(design.md §2.12).
"""

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, CompletedIn, ItemChangeKind, User
from app.services import item_changes
from app.services.errors import UnpackError
from app.services.outbound import dropped
from app.services.retrospectives import action_items

REASON_LIMIT = 200


class AlreadyComplete(UnpackError):
    sentence = "This action item was completed meanwhile, so there is nothing to drop."


def drop(item: ActionItem, by: User, reason: str = "") -> bool:
    """Close the item as dropped; False if it is already. Holds the item, then its link.

    reason: at most `REASON_LIMIT` characters; shown at the item. Raises `AlreadyComplete`.
    """
    action_items.lock(item)
    if item.let_go:
        return False
    if item.complete:
        raise AlreadyComplete
    now = utcnow()
    # Completed here by nobody: what asks for open items leaves it out, and Jira never reopens it.
    item.completed_at, item.completed_in = now, CompletedIn.UNPACK
    item.dropped_at, item.dropped_by = now, by
    item.drop_reason = " ".join(reason.split())[:REASON_LIMIT] or None
    item_changes.record(item, ItemChangeKind.DROPPED, by, item.drop_reason)
    dropped.leave_alone(item)
    db.session.flush()
    return True


def undo_drop(item: ActionItem, by: User) -> bool:
    """Take the item up again, as it was; False if it is not dropped. Its issue is compared with
    what stands here by now."""
    action_items.lock(item)
    if not item.dropped:
        return False
    item.completed_at = item.completed_in = None
    item.dropped_at = item.dropped_by = item.drop_reason = None
    item_changes.record(item, ItemChangeKind.TAKEN_UP, by)
    db.session.flush()
    dropped.go_on(item)
    return True
