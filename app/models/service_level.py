"""How well an installation keeps its word, counted by the hour where no other row tells it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import db
from app.models.retrospective import Retrospective
from app.models.types import UtcDateTime, enum_column


class Level(StrEnum):
    """What is promised; in words and numbers: `app/operations/levels/promises.py`."""

    COMMITS = "commits"
    DELIVERIES = "deliveries"
    EDITS = "edits"


class ServiceLevelHour(db.Model):
    """What was counted in an hour (UTC) and how much of it missed the level, for an organization;
    without one, for the whole installation."""

    __tablename__ = "service_level_hour"
    __table_args__ = (
        Index(
            "uq_service_level_hour_organization",
            "organization_id",
            "level",
            "hour",
            unique=True,
            sqlite_where=text("organization_id IS NOT NULL"),
            postgresql_where=text("organization_id IS NOT NULL"),
        ),
        Index(
            "uq_service_level_hour_installation",
            "level",
            "hour",
            unique=True,
            sqlite_where=text("organization_id IS NULL"),
            postgresql_where=text("organization_id IS NULL"),
        ),
        Index("ix_service_level_hour_hour", "hour"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    level: Mapped[Level] = mapped_column(enum_column(Level))
    hour: Mapped[datetime] = mapped_column(UtcDateTime)
    counted: Mapped[int]
    missed: Mapped[int]


# For the commits of some days, of the installation and of a team.
Index("ix_retrospective_committed_at", Retrospective.committed_at)
Index("ix_retrospective_team_committed", Retrospective.team_id, Retrospective.committed_at)
