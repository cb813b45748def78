"""The counts of an organization's months, worked out anew (`follow_through/counting`)."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from app.extensions import db
from app.models import UNCOUNTED, ActionItem, Organization, Team

MONTH = timedelta(days=31)


def owe_all(organization: Organization, now: datetime) -> None:
    """Have all of its months counted again, because they begin at other moments from now on.

    From the month before the first action item to the one after `now` (aware UTC): by another
    clock an item may lie in the next month or in the one before. What is owed already stays as it
    is: to choose one zone and another, again and again, costs others nothing.
    """
    first = func.min(ActionItem.created_at)
    begun = db.session.execute(
        select(Team.id, first)
        .join(ActionItem, ActionItem.team_id == Team.id)
        .where(Team.organization_id == organization.id)
        .group_by(Team.id)
    )
    wanted = [
        (team_id, moment)
        for team_id, began in begun
        for moment in _middles(began - MONTH, now + MONTH)
    ]
    owed = _owed(organization, {moment for _, moment in wanted})
    missing = [
        {"organization_id": organization.id, "team_id": team_id, "written_at": moment}
        for team_id, moment in wanted
        if (team_id, moment) not in owed
    ]
    if missing:
        db.session.execute(insert(UNCOUNTED), missing)


def _owed(organization: Organization, moments: Collection[datetime]) -> set[tuple[int, datetime]]:
    """Of which teams and moments nobody can take the rows before this is committed.

    What a ticker holds, it may be counting by the clock of before.
    """
    rows = select(UNCOUNTED.c.team_id, UNCOUNTED.c.written_at).where(
        UNCOUNTED.c.organization_id == organization.id, UNCOUNTED.c.written_at.in_(moments)
    )
    found = db.session.execute(rows.with_for_update(skip_locked=True))
    return {(team_id, written_at) for team_id, written_at in found}


def _middles(first: datetime, last: datetime) -> list[datetime]:
    """A moment amid each month between: it lies in that month whatever the zone."""
    middles, at = [], first.replace(day=15, hour=12, minute=0, second=0, microsecond=0)
    while (at.year, at.month) <= (last.year, last.month):
        middles.append(at.astimezone(UTC))
        at = (at + MONTH).replace(day=15)
    return middles
