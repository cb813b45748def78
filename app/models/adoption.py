"""What a restored database has forgotten of Jira, and how far the search for it has come."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.jira import JiraConnection
from app.models.types import UtcDateTime


class Adoption(db.Model):
    """The search of one connection that is or was on hold (design.md §3.6).

    All of it is in the row, so that whoever is killed at it is followed by another.
    """

    __tablename__ = "adoption"

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("jira_connection.id"), primary_key=True, autoincrement=False
    )
    # Until when the restored database knows what happened.
    restored_until: Mapped[datetime] = mapped_column(UtcDateTime)
    # Of the grant whose looks are counted here: another one may see more, and begins anew.
    generation: Mapped[int | None]
    # Whole looks in a row that found nothing new; a search may forget, so one is not enough.
    quiet_looks: Mapped[int] = mapped_column(default=0)
    # Looks in a row that Jira did not answer, and why the last one did not.
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    next_look_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How many issues have their action item again.
    adopted: Mapped[int] = mapped_column(default=0)
    # Keys of issues that say they belong to an action item, and were left alone: it is not in this
    # database, or another issue is already what they say they are.
    left_alone: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Keys or ids of projects that have to be looked into, and that the account does not see.
    unseen_projects: Mapped[list[str]] = mapped_column(JSON, default=list)

    connection: Mapped[JiraConnection] = relationship()

    def begin_anew(self, generation: int) -> None:
        """What was found stays; that nothing was found has to be said anew."""
        self.generation, self.quiet_looks = generation, 0
        self.finished_at, self.failures, self.error = None, 0, None
