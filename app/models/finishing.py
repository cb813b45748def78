"""Somebody creates the issue of an action item in Jira themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.identity import User
from app.models.retrospective import ActionItem
from app.models.types import UtcDateTime


class Finishing(db.Model):
    """Until its end no issue is created for the action item, whatever becomes due.

    A row that has ended means nothing; the next one takes its place.
    """

    __tablename__ = "finishing"

    action_item_id: Mapped[int] = mapped_column(
        ForeignKey("action_item.id"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    until: Mapped[datetime] = mapped_column(UtcDateTime)

    action_item: Mapped[ActionItem] = relationship()
    user: Mapped[User] = relationship()
