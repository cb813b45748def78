"""Who changed what in an organization's settings, and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.identity import User
from app.models.types import UtcDateTime

# What of the history ends by its age, as a condition of an index. How Jira was connected stays: it
# tells which site a later change was made for.
ENDS = "action NOT IN ('jira.connected', 'jira.reconnected')"


class AuditEvent(db.Model):
    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_page", "organization_id", "id"),
        Index(
            "ix_audit_event_age",
            "created_at",
            sqlite_where=text(ENDS),
            postgresql_where=text(ENDS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    action: Mapped[str] = mapped_column(String(60))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)

    user: Mapped[User | None] = relationship()
