"""E-mails that are owed: a row is committed with what it tells of, and sent afterwards."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.models.identity import User
from app.models.jira import JiraConnection
from app.models.types import UtcDateTime, enum_column


class MailKind(StrEnum):
    """What an e-mail tells. To whom, and while what is so: app/services/mail/kinds.py."""

    TROUBLE = "trouble"  # the connection does not work
    SUSPENDED = "suspended"  # syncing is still paused
    BLOCKED = "blocked"  # a project or issue type cannot be used
    INVITATION = "invitation"  # an organization asks somebody to join
    PASSWORD_LINK = "password-link"  # noqa: S105 — how to set a password
    EMAIL_CHANGE = "email-change"  # to an address that is to be somebody's: how to confirm it
    EMAIL_CHANGE_ASKED = "email-change-asked"  # to the address so far
    EMAIL_CHANGED = "email-changed"  # to the address before
    ITEMS_HANDED_OVER = "items-handed-over"  # somebody who left had them
    OWNERSHIP = "ownership"  # an organization has another Owner
    SIGN_IN_TIED = "sign-in-tied"  # somebody signs in with an account at the identity provider now
    MEMBER_LEFT = "member-left"  # somebody left by themselves, and what stays without anybody
    DIGEST = "digest"  # once a week: the open action items that are somebody's
    REMINDER = "reminder"  # what is due tomorrow, and what was due yesterday
    OVERDUE = "overdue"  # that the reminder says what was due yesterday; no e-mail of its own


class Mail(db.Model):
    """One e-mail that a person, a connection or an address is owed, until it has gone out.

    It is rendered when it is sent, so a row holds what to tell and no text; the demo keeps the text
    to be read. An address need not be anybody's: whose it is, if anybody's, is asked when it is
    sent. `due_at` is when to try next, and is moved ahead by whoever tries: two never send at once.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN connection_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN user_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN address IS NULL THEN 0 ELSE 1 END = 1",
            name="belongs_to_one",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The Message-ID of every try: a server that gets the e-mail twice can tell.
    public_id: Mapped[str] = mapped_column(String(32), default=new_public_id)
    kind: Mapped[MailKind] = mapped_column(enum_column(MailKind))
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(254), index=True)
    # Of the connection when this was owed: after a reconnect there is nothing to tell.
    generation: Mapped[int | None]
    # The ids of the rows that it tells of; which table they are in follows from the kind.
    row_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    # Who has got it: a server may take it for some and refuse it for others.
    recipients: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=utcnow, index=True)
    tries: Mapped[int] = mapped_column(default=0)

    # Of an e-mail that the demo keeps.
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    subject: Mapped[str | None] = mapped_column(String(255))
    text: Mapped[str | None] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)

    connection: Mapped[JiraConnection | None] = relationship()
    user: Mapped[User | None] = relationship()


class DeclinedMail(db.Model):
    """A kind of e-mail that a person does not want to get."""

    __tablename__ = "declined_mail"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    kind: Mapped[MailKind] = mapped_column(enum_column(MailKind), primary_key=True)


class WantedMail(db.Model):
    """A kind of e-mail that nobody gets who has not asked for it, and that this person has."""

    __tablename__ = "wanted_mail"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    kind: Mapped[MailKind] = mapped_column(enum_column(MailKind), primary_key=True)


class CalendarMail(db.Model):
    """That somebody was owed the digest of a week, or the reminder of a day: neither comes twice.

    `period`: the Monday of the ISO week, or the day, by the person's own clock.
    """

    __tablename__ = "calendar_mail"
    __table_args__ = (UniqueConstraint("user_id", "kind", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[MailKind] = mapped_column(enum_column(MailKind))
    period: Mapped[date]
    owed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
