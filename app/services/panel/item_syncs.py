"""What a person asks for of one action item's issue; the engine itself knows of no people.

Each holds the item, and raises what the engine says of it.
"""

from collections.abc import Mapping

from app.models import ActionItem, IssueLink, LinkState, Retrospective, User
from app.services import audit
from app.services.errors import UnpackError
from app.services.linking import finishing
from app.services.outbound import links
from app.services.retrospectives import action_items


class IssueNotDeleted(UnpackError):
    sentence = "Its issue is not deleted in Jira, so no other one was created."


def request_sync(item: ActionItem, by: User) -> None:
    """Push it at once. Raises `FinishedByAnother`."""
    action_items.lock(item)
    finishing.require_nobody(item)
    record_requests({item.id: links.request_sync(item)}, item.retrospective, by)


def unlink(item: ActionItem, by: User) -> None:
    """Leave its issue alone from now on."""
    action_items.lock(item)
    link = links.active_link(item)
    links.unlink(item)
    if link is not None:
        audit.record_on(item, by, "jira.unlinked", before=link.issue_key)


def create_again(item: ActionItem, by: User) -> None:
    """Have another issue created for the one that was deleted.

    Raises `IssueNotDeleted`, `FinishedByAnother`.
    """
    action_items.lock(item)
    finishing.require_nobody(item)
    link = links.active_link(item)
    if link is None or link.state is not LinkState.DELETED:
        raise IssueNotDeleted
    links.create_again(item)
    audit.record_on(item, by, "jira.created-again", before=link.issue_key)


def record_requests(links: Mapping[int, IssueLink], of: Retrospective, by: User) -> None:
    """Note who asked for the push of these links, by the id of their item of a retrospective."""
    asked = [{"action_item": item_id, "before": link.issue_key} for item_id, link in links.items()]
    audit.record_several(of.team.organization, by, "jira.sync-requested", asked)
