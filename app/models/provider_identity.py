"""Whom an identity provider vouches for."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.types import UtcDateTime

if TYPE_CHECKING:
    from app.models.identity import User


class ProviderIdentity(db.Model):
    """A person's account at an identity provider, with which they sign in here.

    The subject is the identity: it never changes and is never given to somebody else. The address
    may be both.
    """

    __tablename__ = "provider_identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject", name="uq_provider_identity_subject"),
        UniqueConstraint("issuer", "user_id", name="uq_provider_identity_user"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    tied_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)

    user: Mapped["User"] = relationship()
