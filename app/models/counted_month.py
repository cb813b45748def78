"""What became of the action items that a team wrote in a month: counted, and still to be counted.

`uncounted` has a row for each change that the counts do not know of yet. Triggers write it in the
transaction of the change (migration 0032), so whoever finds no row of a month knows that its counts
are those of the items. It is only ever added to: nobody waits for anybody over it.
"""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, column, table
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.types import UtcDateTime


class CountedMonth(db.Model):
    """The counts of one team and one month, which begins on `month` by the organization's clock."""

    __tablename__ = "counted_month"
    __table_args__ = (Index("ix_counted_month_organization", "organization_id", "month"),)

    team_id: Mapped[int] = mapped_column(
        ForeignKey("team.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    month: Mapped[date] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    still_open: Mapped[int] = mapped_column(default=0)
    # How many by kind and number (`services/follow_through/tally`).
    tally: Mapped[dict[str, Any]] = mapped_column(JSON)


UNCOUNTED = table(
    "uncounted",
    column("id", Integer),
    column("organization_id", Integer),
    column("team_id", Integer),
    column("written_at", UtcDateTime),
)
