"""Signing in: what is counted while somebody guesses."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.types import UtcDateTime


class SignInGuesses(db.Model):
    """Tries that were wrong, of one account, one network or one browser."""

    __tablename__ = "sign_in_guesses"

    # Says to nobody whose they are (`hidden`).
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    failures: Mapped[int]
    # From when on the next one is looked at.
    free_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the row means nothing any more.
    forgotten_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
