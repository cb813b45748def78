"""Action items that a later retrospective of their team goes on with."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, UniqueConstraint, select, union_all
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.identity import User
from app.models.retrospective import ActionItem, Retrospective
from app.models.types import UtcDateTime


class CarryOver(db.Model):
    """An action item that is listed in `retrospective`, too. It stays one item with one issue."""

    __tablename__ = "carry_over"
    __table_args__ = (
        UniqueConstraint(
            "action_item_id",
            "retrospective_id",
            name="uq_carry_over_action_item_id_retrospective_id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_item_id: Mapped[int] = mapped_column(ForeignKey("action_item.id"))
    retrospective_id: Mapped[int] = mapped_column(ForeignKey("retrospective.id"), index=True)
    carried_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    carried_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)

    action_item: Mapped[ActionItem] = relationship()
    retrospective: Mapped[Retrospective] = relationship()
    carried_by: Mapped[User | None] = relationship()


def ids_listed_in(retrospective_id: Any) -> Select[int]:
    """Select the ids of all action items that a retrospective lists: its own, and those that were
    carried over to it. Deleted ones are among them.

    Two looks into two indexes: an OR over both would read the whole table on PostgreSQL.
    """
    own = select(ActionItem.id.label("id")).where(ActionItem.retrospective_id == retrospective_id)
    carried = select(CarryOver.action_item_id.label("id")).where(
        CarryOver.retrospective_id == retrospective_id
    )
    return select(union_all(own, carried).subquery("listed").c.id)
