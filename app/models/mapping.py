"""Where action items go: a Jira project and an issue type."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, false, text, true
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.identity import Team
from app.models.mapping_value import MappingValue
from app.models.types import UtcDateTime, enum_column


class CheckState(StrEnum):
    OWED = "owed"
    READY = "ready"
    LIMITED = "limited"
    BLOCKED = "blocked"


class Connected(Protocol):
    """An organization on its site: a connection, a lease that was taken for it, or the table."""

    @property
    def organization_id(self) -> Any: ...

    @property
    def cloud_id(self) -> Any: ...


class ProjectMapping(db.Model):
    """Where action items go: the organization's default (no team) or one team's override.

    `cloud_id` says on which site the project lives: after a reconnect to another site an old
    mapping stays readable, and is not used.
    """

    __tablename__ = "project_mapping"
    __table_args__ = (
        UniqueConstraint("organization_id", "team_id"),
        Index(
            "uq_project_mapping_default",
            "organization_id",
            unique=True,
            sqlite_where=text("team_id IS NULL"),
            postgresql_where=text("team_id IS NULL"),
        ),
        Index(
            "ix_project_mapping_checked",
            "checked_at",
            sqlite_where=text("check_wanted_at IS NULL"),
            postgresql_where=text("check_wanted_at IS NULL"),
        ),
        Index("ix_project_mapping_blocked", "check_state", "blocked_mailed_at"),
        Index(
            "ix_project_mapping_check_wanted",
            "organization_id",
            sqlite_where=text("check_wanted_at IS NOT NULL"),
            postgresql_where=text("check_wanted_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    cloud_id: Mapped[str] = mapped_column(String(64))
    project_id: Mapped[str] = mapped_column(String(32))
    project_key: Mapped[str] = mapped_column(String(32))
    project_name: Mapped[str] = mapped_column(String(255))
    issue_type_id: Mapped[str] = mapped_column(String(32))
    issue_type_name: Mapped[str] = mapped_column(String(255))
    # The status that an issue gets when its action item is completed or reopened here; none: the
    # issue is left as it is.
    completed_status_id: Mapped[str | None] = mapped_column(String(32))
    completed_status_name: Mapped[str | None] = mapped_column(String(255))
    # What that status's screen is answered with where it asks for a resolution and suggests none.
    completed_resolution_id: Mapped[str | None] = mapped_column(String(32))
    completed_resolution_name: Mapped[str | None] = mapped_column(String(255))
    reopened_status_id: Mapped[str | None] = mapped_column(String(32))
    reopened_status_name: Mapped[str | None] = mapped_column(String(255))

    check_state: Mapped[CheckState] = mapped_column(
        enum_column(CheckState), default=CheckState.OWED
    )
    # What the last check found: a list of {"code", "fields"}; words: mapping/wording.py.
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A check is owed since then. `check_state` keeps what the last one of this choice said.
    check_wanted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Nobody asked for the owed check, so nobody waits for what it finds: it has to be told.
    check_unasked: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Grows with each change of where and what it sends: a create of an older one does not leave.
    version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # Of a team's with the default's project and type: it sends the default's field values, too.
    values_as_default: Mapped[bool] = mapped_column(default=True, server_default=true())
    # When admins were told that it is blocked, or saw it themselves, so that they are told once.
    blocked_mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    team: Mapped[Team | None] = relationship()
    values: Mapped[list[MappingValue]] = relationship(
        order_by=MappingValue.position, cascade="all, delete-orphan"
    )

    @hybrid_method
    def is_on_site_of(self, connected: Connected) -> bool:
        """Whether the connected organization uses it; of the class, a condition that says so."""
        of_it: bool = self.organization_id == connected.organization_id
        there: bool = self.cloud_id == connected.cloud_id
        return of_it & there
