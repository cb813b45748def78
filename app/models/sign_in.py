"""Signing in: where people are signed in, and what is counted while somebody guesses."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.types import UtcDateTime

if TYPE_CHECKING:
    from app.models.identity import User


class UserSession(db.Model):
    """A person signed in in one browser, until they sign out, it is ended, or nobody uses it."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    # SHA-256 of what the cookie holds.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # Browser and system in words, as it named itself when it began.
    device: Mapped[str] = mapped_column(String(60))
    mobile: Mapped[bool]
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The last page that was opened, to ten minutes; what a page asks by itself does not count.
    used_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    user: Mapped["User"] = relationship()


class SignInGuesses(db.Model):
    """Passwords that were wrong, of one account, one network or one browser."""

    __tablename__ = "sign_in_guesses"

    # Says to nobody whose they are (`hidden`).
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    failures: Mapped[int]
    # From when on the next one is looked at.
    free_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the row means nothing any more.
    forgotten_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
