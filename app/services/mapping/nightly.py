"""Every mapping is checked once a day, so that a red one is found before the next retrospective."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, literal_column, or_, select, update

from app.extensions import db
from app.models import (
    JiraConnection,
    ProjectMapping,
)
from app.models.obstacles import may_ask

STALE = timedelta(hours=20)
# Each connection has a minute of the day, and an hour from then, in case nobody ticked: the hourly
# quota is shared by all customers, so they are spread over the whole day (jira-platform.md §4).
DAY, WINDOW = 24 * 60, 60  # minutes
STRIDE = 889  # the golden section of a day, so that any number of neighbours is spread evenly
_BACK = pow(STRIDE, -1, DAY)  # from a connection's minute to its id, but for whole days
MOST_PER_TICK = 5


def owe(now: datetime) -> int:
    """Owe the daily check of a few connections whose time it is; how many. `now`: aware UTC."""
    ids = list(db.session.scalars(_their_time(now).limit(MOST_PER_TICK)))
    if not ids:
        return 0
    stale = select(ProjectMapping.id).select_from(JiraConnection).join(JiraConnection.mappings)
    stale = stale.where(JiraConnection.id.in_(ids), _stale(now))
    db.session.execute(
        update(ProjectMapping)
        .where(ProjectMapping.id.in_(stale), ProjectMapping.check_wanted_at.is_(None))
        .values(check_wanted_at=now, check_unasked=True)
    )
    return len(ids)


def _their_time(now: datetime) -> Select[int]:
    minute = now.hour * 60 + now.minute
    theirs = [(minute - late) % DAY * _BACK % DAY for late in range(WINDOW)]
    own = ProjectMapping.organization_id == JiraConnection.organization_id
    on_its_site = ProjectMapping.cloud_id == JiraConnection.cloud_id
    return (
        select(JiraConnection.id)
        .join(JiraConnection.organization)
        .where(
            # Written as the index is: SQLite takes no parameter for a part of one.
            (JiraConnection.id % literal_column(str(DAY))).in_(theirs),
            *may_ask(now, even_paused=True, even_suspended=True),
            exists().where(own, on_its_site, _stale(now)),
        )
    )


def _stale(now: datetime) -> ColumnElement[bool]:
    never = ProjectMapping.checked_at.is_(None)
    long_ago = or_(never, ProjectMapping.checked_at <= now - STALE)
    return and_(ProjectMapping.check_wanted_at.is_(None), long_ago)
