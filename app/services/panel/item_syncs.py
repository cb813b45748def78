"""What a person asks for of one action item's issue; the engine itself knows of no people.

Each holds the item, and raises what the engine says of it.
"""

from app.models import ActionItem, IssueLink, LinkState, User
from app.services import audit
from app.services.errors import UnpackError
from app.services.outbound import links
from app.services.retrospectives import action_items


class IssueNotDeleted(UnpackError):
    sentence = "Its issue is not deleted in Jira, so no other one was created."


def request_sync(item: ActionItem, by: User) -> None:
    """Push it at once."""
    action_items.lock(item)
    record_request(links.request_sync(item), item, by)


def unlink(item: ActionItem, by: User) -> None:
    """Leave its issue alone from now on."""
    action_items.lock(item)
    link = links.active_link(item)
    links.unlink(item)
    if link is not None:
        audit.record_on(item, by, "jira.unlinked", before=link.issue_key)


def create_again(item: ActionItem, by: User) -> None:
    """Have another issue created for the one that was deleted. Raises `IssueNotDeleted`."""
    action_items.lock(item)
    link = links.active_link(item)
    if link is None or link.state is not LinkState.DELETED:
        raise IssueNotDeleted
    links.create_again(item)
    audit.record_on(item, by, "jira.created-again", before=link.issue_key)


def record_request(link: IssueLink, item: ActionItem, by: User) -> None:
    """Note who asked for the push of `link`, which is the item's."""
    audit.record_on(item, by, "jira.sync-requested", before=link.issue_key)
