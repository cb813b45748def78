"""Which links are looked at once more because a create of theirs was once unknown.

See design.md §3.5.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_

from app.models import IssueLink, JiraConnection
from app.models.obstacles import may_ask
from app.models.points import Spending, may_spend

# When a search is certain to show what was created (jira-platform.md §2.7).
AFTER = timedelta(minutes=30)


def due_second_looks(selected: Select[Any], now: datetime) -> Select[Any]:
    """Narrow a SELECT over IssueLink to those that are looked at once more (design.md §3.5)."""
    return (
        selected.join(IssueLink.connection)
        .join(JiraConnection.organization)
        .where(waiting(now), *may_ask(now))
    )


def waiting(now: datetime) -> ColumnElement[bool]:
    """What makes an issue link, joined with its connection, due for a second look at `now`.

    Closed links too. One that is still to be created, or unknown again, is the drain's to settle.
    """
    near = JiraConnection.near_limit_until
    return and_(
        IssueLink.recheck_at <= now,
        IssueLink.stamped_at.is_(None),
        IssueLink.stamped_cloud_id == JiraConnection.cloud_id,
        or_(IssueLink.issue_id.is_not(None), IssueLink.due_at.is_(None)),
        or_(near.is_(None), near <= now),
        may_spend(Spending.READS, now),
    )
