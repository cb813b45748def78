"""E-mails that are owed: written with what they tell of, sent afterwards."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.models.jira import JiraConnection
from app.models.types import UtcDateTime, enum_column


class MailAbout(StrEnum):
    """What has to be so still when the e-mail goes out."""

    TROUBLE = "trouble"  # the connection does not work
    BLOCKED = "blocked"  # a project or issue type cannot be used


class Mail(db.Model):
    """One e-mail about a connection, until it has gone out; the demo keeps it to be read.

    `due_at` is when to try next, and is moved ahead by whoever tries: two never send at once.
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The Message-ID: a server that gets the e-mail twice can tell.
    public_id: Mapped[str] = mapped_column(String(32), default=new_public_id)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    about: Mapped[MailAbout] = mapped_column(
        enum_column(MailAbout), default=MailAbout.TROUBLE, server_default=MailAbout.TROUBLE.value
    )
    # Of the connection when this was written: after a reconnect there is nothing to tell.
    generation: Mapped[int]
    recipients: Mapped[list[str]] = mapped_column(JSON)
    # Who has not got it yet: a server may take it for some and refuse it for others.
    unreached: Mapped[list[str]] = mapped_column(JSON)
    subject: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=utcnow, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    connection: Mapped[JiraConnection] = relationship()
