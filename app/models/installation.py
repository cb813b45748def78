"""What concerns every connection at once."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.types import UtcDateTime


class Installation(db.Model):
    """The one row for what concerns every connection at once."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Jira's hourly quota is shared by all customers of the app (jira-platform.md §4).
    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A known word under a key of TOKEN_ENCRYPTION_KEYS: tells whether they are this database's.
    key_canary: Mapped[str | None] = mapped_column(String(200))
    # An older database was restored: who connects for the first time is on hold, too, and what was
    # created in Jira after `restored_until` is looked for (design.md §3.6).
    on_hold_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    restored_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
