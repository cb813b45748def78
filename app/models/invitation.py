"""Asking somebody to join, and links that work once."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.identity import Organization, Role, User
from app.models.types import UtcDateTime, enum_column


class Invitation(db.Model):
    """An organization asks whoever has an e-mail address to join. One waits for each address."""

    __tablename__ = "invitation"
    __table_args__ = (
        Index(
            "uq_invitation_waiting",
            "organization_id",
            "email",
            unique=True,
            sqlite_where=text("accepted_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(enum_column(Role), default=Role.MEMBER)
    # Teams to be put into; those that are gone by then are left out.
    team_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    # The last time: what was sent before no longer opens it.
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organization: Mapped[Organization] = relationship()
    invited_by: Mapped[User] = relationship()


class EmailChange(db.Model):
    """A person wants another e-mail address and has not confirmed it. One waits for each."""

    __tablename__ = "email_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    # The address to be; it may be somebody else's.
    email: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class OneTimeLink(db.Model):
    """A link for one invitation, for setting one person's password, or for one change of address.

    Only the hash of its token is stored: whoever reads the database cannot open it.
    """

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN user_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN email_change_id IS NULL THEN 0 ELSE 1 END = 1",
            name="opens_one",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    email_change_id: Mapped[int | None] = mapped_column(ForeignKey("email_change.id"), index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation | None] = relationship()
    user: Mapped[User | None] = relationship()
    email_change: Mapped[EmailChange | None] = relationship()
