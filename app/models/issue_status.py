"""The status of an issue as it was last read, as its link keeps it and pages show it.

It is beside `status_category`, against which a change in Jira is acted on: whatever read an issue
tells of its status, and only what webhooks bring may complete anything.
"""

from dataclasses import dataclass
from datetime import datetime

from app.models.sync import IssueLink

DONE = "done"
NAME_LIMIT = 255


@dataclass(frozen=True)
class IssueStatus:
    """`name` is Jira's own. `category`: `new`, `indeterminate`, `done` or `undefined`.

    changed_at: when it last changed its category, as far as Jira told. read_at: when we read it.
    Aware UTC.
    """

    name: str
    category: str
    changed_at: datetime | None
    read_at: datetime

    @property
    def done(self) -> bool:
        return self.category == DONE


def status_of(link: IssueLink) -> IssueStatus | None:
    """What is known of it; None while nobody has read it."""
    if link.seen_status_category is None or link.status_seen_at is None:
        return None
    return IssueStatus(
        link.seen_status_name or "",
        link.seen_status_category,
        link.status_changed_at,
        link.status_seen_at,
    )


def keep_status(link: IssueLink, read: IssueStatus) -> bool:
    """Keep what was read, unless it is older than what is known. Whether it is another status."""
    known = status_of(link)
    if known is not None and _is_older(read, known):
        return False
    link.seen_status_name = read.name[:NAME_LIMIT] or None
    link.seen_status_category = read.category
    link.status_changed_at = read.changed_at
    link.status_seen_at = read.read_at
    return known is None or (known.name, known.category) != (read.name, read.category)


def _is_older(read: IssueStatus, known: IssueStatus) -> bool:
    if read.changed_at and known.changed_at and read.changed_at < known.changed_at:
        return True
    return read.read_at < known.read_at
