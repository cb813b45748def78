"""When somebody last changed an issue in Jira, as its action item keeps it."""

from datetime import datetime, timedelta

from sqlalchemy.orm.attributes import flag_modified

from app.extensions import db
from app.jira.types import Issue
from app.models import IssueLink

# Jira's clock and ours differ a little, and what we write is noted once Jira has answered.
OWN_WRITE = timedelta(minutes=1)


def note(link: IssueLink, issue: Issue, now: datetime) -> None:
    """Keep on the action item, which is held, that its issue was changed by somebody but us.

    By itself that is no change of the item here, so its `updated_at` stays as it is. `now`: aware
    UTC; nobody has changed anything later.
    """
    item = link.action_item
    at = touched_at(issue.updated, link.synced_at)
    at = at and min(at, now)
    if at is None or (item.touched_in_jira_at is not None and at <= item.touched_in_jira_at):
        return
    changed_here = db.session.is_modified(item)
    item.touched_in_jira_at = at
    if not changed_here:
        flag_modified(item, "updated_at")


def touched_at(updated: datetime | None, pushed_at: datetime | None) -> datetime | None:
    """When somebody changed an issue that was last `updated` then; None if that was our own push.

    All aware UTC; pushed_at: None where we have never written to it.
    """
    if updated is None or (pushed_at is not None and updated <= pushed_at + OWN_WRITE):
        return None
    return updated
