"""What was changed of an action item, and by whom: what its page tells as its activity."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.identity import User
from app.models.types import UtcDateTime, enum_column


class ItemChangeKind(StrEnum):
    TITLE = "title"
    DESCRIPTION = "description"
    ASSIGNEE = "assignee"
    DUE = "due"
    COMPLETED = "completed"
    REOPENED = "reopened"
    DROPPED = "dropped"
    TAKEN_UP = "taken-up"


class ItemChange(db.Model):
    """One change of one thing. `before` and `after` are a title, an ISO date or a person's id; of a
    description only that it changed. `after` is also why something was dropped."""

    __tablename__ = "item_change"
    __table_args__ = (
        Index("ix_item_change_item", "action_item_id", "id"),
        Index("ix_item_change_age", "changed_at"),
        Index(
            "ix_item_change_user_id",
            "user_id",
            sqlite_where=text("user_id IS NOT NULL"),
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_item_id: Mapped[int] = mapped_column(ForeignKey("action_item.id"))
    kind: Mapped[ItemChangeKind] = mapped_column(enum_column(ItemChangeKind))
    # From Jira, which tells what changed and not who did it.
    from_jira: Mapped[bool] = mapped_column(default=False)
    # None also of what the operator's command line did.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)

    user: Mapped[User | None] = relationship()
