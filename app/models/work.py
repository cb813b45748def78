"""Work that is done for a connection beside the requests of people, a row for each kind."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.types import UtcDateTime, enum_column, only


class WorkKind(StrEnum):
    """What each row means by `due_at` and `not_before`; `lease` says who may do it just now."""

    # Leased by whoever pushes and reads back. Its due stands on links and deliveries: a row of
    # the connection that is written while a link is held would deadlock with the drain. Not before
    # `not_before` after an error that nobody expected.
    DRAIN = "drain"
    # Keeps the grant alive. Due by the connection's state and the age of its grant; not again
    # before `not_before`.
    GRANT = "grant"
    # Reads projects, types, checks and people, one lease for all. Due: the project list; what
    # else is wanted stands on projects and mappings.
    METADATA = "metadata"
    # Tells Owner and Admins. Due: the trouble that they have not been told of, since it began.
    NOTICES = "notices"
    # Looks members up, under the lease of the metadata. The error is Jira's refusal to look.
    PEOPLE = "people"
    # Reads issues, under the lease of the drain. Due: the next look at every linked issue, never
    # while webhooks are off. Until `not_before` none is read, because Jira did not answer.
    READING = "reading"
    # Compares the webhook in Jira with the desired one. Not due: no need to.
    WEBHOOK = "webhook"


class JiraWork(db.Model):
    """Whose turn it is at one kind of a connection's work, when it is due and how it went.

    A connection has a row of each kind as long as it is there itself.
    """

    __tablename__ = "jira_work"
    __table_args__ = (
        Index(
            "ix_jira_work_due",
            "kind",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        Index("ix_jira_work_recent_due", "recent_due_at", **only("recent_due_at IS NOT NULL")),
        Index(
            "ix_jira_work_leased",
            "kind",
            "lease_until",
            sqlite_where=text("lease_until IS NOT NULL"),
            postgresql_where=text("lease_until IS NOT NULL"),
        ),
    )

    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), primary_key=True)
    kind: Mapped[WorkKind] = mapped_column(enum_column(WorkKind), primary_key=True)
    lease_id: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Nothing: not owed.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Of reading: the next look at the issues of the latest retrospectives alone.
    recent_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # In a row, since it last went well.
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    # After a failure, or while somebody has just been asked.
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why it last failed; a sentence, or nothing.
    error: Mapped[str | None] = mapped_column(Text)

    def settle(self) -> None:
        """It went well, or somebody wants it tried now whatever went wrong before."""
        self.failures, self.not_before, self.error = 0, None, None

    def free(self) -> None:
        """Nobody is at it any more."""
        self.lease_id = self.lease_until = None
