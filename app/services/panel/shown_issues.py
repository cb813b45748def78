"""What is shown of an issue: its key, and beside it Jira's status. Decided and worded here."""

from dataclasses import dataclass
from datetime import datetime

from app.models import IssueLink, LinkState
from app.models.issue_status import status_of


@dataclass(frozen=True)
class IssueKey:
    text: str
    url: str | None
    gone: bool = False


@dataclass(frozen=True)
class ShownStatus:
    """The status by Jira's own name, which is never translated.

    chip, icon: those of its category. category: the same for those who see neither; empty where
    the name says it. as_of: when it was read (aware UTC), where nothing tells us of changes: then
    it is grey text, without chip and icon.
    """

    name: str
    chip: str = ""
    icon: str = ""
    category: str = ""
    as_of: datetime | None = None


def key_of(link: IssueLink) -> IssueKey | None:
    """The issue's key with its address, if that is a web address."""
    if link.issue_key is None:
        return None
    url = link.browse_url or ""
    safe = url if url.startswith(("https://", "http://")) else None
    return IssueKey(link.issue_key, safe, gone=link.state is LinkState.DELETED)


def shown_status(link: IssueLink, *, live: bool) -> ShownStatus | None:
    """What is shown of the link's issue; nothing while nobody has read it, or it is gone.

    live: changes in Jira are told to us.
    """
    status = status_of(link)
    if status is None or not link.created or link.state is LinkState.DELETED:
        return None
    chip, icon, category = _CATEGORIES.get(status.category, _NEW)
    name = status.name or category
    if not live or link.state is LinkState.UNSEEN:
        return ShownStatus(name, as_of=status.read_at)
    said = "" if name.casefold() == category.casefold() else category.lower()
    return ShownStatus(name, chip, icon, said)


_NEW = ("jira-new", "circle", "To do")
_CATEGORIES = {
    "new": _NEW,
    "indeterminate": ("jira-doing", "circle-half-2", "In progress"),
    "done": ("jira-done", "circle-check", "Done"),
}
