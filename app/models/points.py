"""What Jira gives the app for an hour, and what of it is spent (design.md §4.1)."""

from datetime import datetime
from enum import IntEnum

from sqlalchemy import ColumnElement, ForeignKey, String, or_
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.jira import JiraConnection
from app.models.types import UtcDateTime


class Spending(IntEnum):
    """What points are spent on, the most urgent first."""

    CREATES = 0  # that somebody waits for
    UPDATES = 1
    STATUSES = 2
    BACKFILL = 3
    READS = 4
    RECENT_READS = 5  # which come again within the hour


class PointsPool(db.Model):
    """The points of an hour that everybody shares. Always locked last (design.md §2.3)."""

    __tablename__ = "points_pool"

    # Empty: the installation's. Else the id of a site that has a pool of its own.
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    spent: Mapped[int] = mapped_column(default=0)
    # How many connections have spent some of them.
    connections: Mapped[int] = mapped_column(default=0)


class PointsShare(db.Model):
    """What a connection has spent of them, in the hour that it last spent some."""

    __tablename__ = "points_share"

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("jira_connection.id"), primary_key=True, autoincrement=False
    )
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    spent: Mapped[int] = mapped_column(default=0)


def waits_for_points(
    connection: JiraConnection, spending: Spending, now: datetime
) -> datetime | None:
    """Until when the connection spends no points on that; None if it may at `now` (aware UTC)."""
    since, until = connection.points_wait_from, connection.points_wait_until
    waits = since is not None and until is not None and since <= spending and until > now
    return until if waits else None


def may_spend(spending: Spending, now: datetime) -> ColumnElement[bool]:
    """The same as a condition on a JiraConnection: that it need not wait."""
    return or_(
        JiraConnection.points_wait_until.is_(None),
        JiraConnection.points_wait_until <= now,
        JiraConnection.points_wait_from > spending,
    )
