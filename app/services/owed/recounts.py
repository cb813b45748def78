"""The counts of an organization's months, worked out anew (`follow_through/counting`)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from app.extensions import db
from app.models import UNCOUNTED, ActionItem, Organization, Team

MONTH = timedelta(days=31)


def owe_all(organization: Organization, now: datetime) -> None:
    """Have all of its months counted again, because they begin at other moments from now on.

    From the month before the first action item to the one after `now` (aware UTC): by another
    clock an item may lie in the next month or in the one before.
    """
    first = func.min(ActionItem.created_at)
    begun = db.session.execute(
        select(Team.id, first)
        .join(ActionItem, ActionItem.team_id == Team.id)
        .where(Team.organization_id == organization.id)
        .group_by(Team.id)
    )
    rows = [
        {"organization_id": organization.id, "team_id": team_id, "written_at": moment}
        for team_id, began in begun
        for moment in _middles(began - MONTH, now + MONTH)
    ]
    if rows:
        db.session.execute(insert(UNCOUNTED), rows)


def _middles(first: datetime, last: datetime) -> list[datetime]:
    """A moment amid each month between: it lies in that month whatever the zone."""
    middles, at = [], first.replace(day=15, hour=12, minute=0, second=0, microsecond=0)
    while (at.year, at.month) <= (last.year, last.month):
        middles.append(at.astimezone(UTC))
        at = (at + MONTH).replace(day=15)
    return middles
