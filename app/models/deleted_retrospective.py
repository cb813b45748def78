"""Retrospectives that somebody has deleted: the row stays, because action items point at it."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, exists
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import utcnow
from app.extensions import db
from app.models.retrospective import Phase, Retrospective
from app.models.types import UtcDateTime, enum_column


class DeletedRetrospective(db.Model):
    __tablename__ = "deleted_retrospective"

    retrospective_id: Mapped[int] = mapped_column(
        ForeignKey("retrospective.id"), primary_key=True, autoincrement=False
    )
    deleted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # Where it stood. It is back in Draft, so that whoever waited for its row adds nothing to it.
    phase: Mapped[Phase] = mapped_column(enum_column(Phase))


def not_deleted() -> ColumnElement[bool]:
    """Whether a retrospective of the surrounding SELECT is still there."""
    return ~exists().where(DeletedRetrospective.retrospective_id == Retrospective.id)
