"""Sync past action items, as one row a run."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.identity import User
from app.models.jira import JiraConnection
from app.models.types import UtcDateTime, enum_column


class BackfillState(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"


class StopReason(StrEnum):
    PERSON = "person"
    DISCONNECTED = "disconnected"
    OTHER_SITE = "other-site"


class Backfill(db.Model):
    """One *Sync past action items*: opens links in slices, so that it can be stopped.

    `total` is what was promised when it began. How far it is, its links say.
    """

    __tablename__ = "backfill"
    __table_args__ = (
        Index(
            "uq_backfill_running",
            "organization_id",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    state: Mapped[BackfillState] = mapped_column(
        enum_column(BackfillState), default=BackfillState.RUNNING
    )
    team_ids: Mapped[list[int]] = mapped_column(JSON)
    since: Mapped[date | None]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    stop_reason: Mapped[StopReason | None] = mapped_column(enum_column(StopReason))
    total: Mapped[int]

    connection: Mapped[JiraConnection] = relationship()
    started_by: Mapped[User | None] = relationship(foreign_keys=started_by_id)
    stopped_by: Mapped[User | None] = relationship(foreign_keys=stopped_by_id)
