"""That an Owner or Admin has paused syncing, until somebody resumes it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.identity import User
from app.models.types import UtcDateTime


class Suspension(db.Model):
    """There as long as nothing of a connection is pushed or read (design.md §2.8).

    People call it a pause; in code that word is for what Jira asks for.
    """

    __tablename__ = "suspension"

    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # Everybody reads it at their action items.
    reason: Mapped[str] = mapped_column(String(200))
    # When Owner and Admins were told that it lasts.
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[User] = relationship()
