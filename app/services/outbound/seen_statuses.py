"""The status of an issue, as whatever read it has found it (design.md §2.7)."""

from collections.abc import Iterable
from datetime import datetime

from app.jira.types import Issue
from app.models import IssueLink
from app.models.issue_status import IssueStatus, keep_status

# What has to be asked for, to tell the status of an issue.
# The category of a new issue changed when it was created, which nobody has decided.
STATUS = ("status", "statuscategorychangedate", "created")


def read_in(issue: Issue, at: datetime) -> IssueStatus | None:
    """The status of an issue that was read at `at` (aware UTC); None where it was not asked for."""
    if issue.status_category is None:
        return None
    return IssueStatus(issue.status_name or "", issue.status_category, issue.status_changed, at)


def latest(reads: Iterable[Issue | None]) -> Issue | None:
    """The first that shows a status: an answer to an edit may leave it out."""
    return next((issue for issue in reads if issue and issue.status_category), None)


def see(link: IssueLink, read: IssueStatus | None) -> bool:
    """Keep what was read, for pages alone. Whether it is another status than was known."""
    if read is None or not keep_status(link, read):
        return False
    link.revision += 1
    return True
