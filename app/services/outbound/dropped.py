"""What becomes of the issue of an action item that is dropped: it stays as it is in Jira.

The caller holds the action item.
"""

from app.clock import utcnow
from app.models import ActionItem, LinkState
from app.services.outbound import owed_statuses
from app.services.outbound.links import locked_link
from app.services.owed.pushes import arm, mark_due


def leave_alone(item: ActionItem) -> None:
    """Send nothing more of it. What never left is as if it had never been asked for; a create whose
    outcome is unknown is still looked up."""
    link = locked_link(item)
    if link is None:
        return
    link.revision += 1
    owed_statuses.void(link)
    if link.stamped:
        return
    if not link.created:
        link.close(withdrawn=True)
        return
    link.due_at = link.due_since = None
    if link.state in {LinkState.WAITING, LinkState.RETRYING}:
        link.state = LinkState.SYNCED


def go_on(item: ActionItem) -> None:
    """Compare the issue with the item, which may have been edited meanwhile, with fresh tries. No
    difference, no request."""
    link = locked_link(item)
    if link is None or link.state in {LinkState.DELETED, LinkState.UNSEEN}:
        return
    arm(link)
    mark_due(link, utcnow())
