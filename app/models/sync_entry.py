"""The Sync Log: what was tried for an action item and what came back, and each try."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.retrospective import ActionItem
from app.models.sync import FailureCode, IssueLink
from app.models.types import UtcDateTime, enum_column


class Operation(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    PROBE = "probe"
    LINK = "link"  # writes into an issue that a person chose whose it is
    TRANSITION = "transition"  # to the status that the issue owes
    # What comes back from Jira.
    COMPLETE = "complete"
    REOPEN = "reopen"
    TAKE_OVER = "take-over"
    KEEP = "keep"  # changed on both sides: Unpack's value stays
    LEAVE = "leave"  # a change in Jira that means nothing here
    MOVE = "move"
    DISAPPEAR = "disappear"
    REAPPEAR = "reappear"
    SECOND_LOOK = "second-look"  # showed two issues for one link

    @property
    def returns(self) -> bool:
        """Whether it came back from Jira; everything else was sent there."""
        return not self.pushes and self is not Operation.TRANSITION

    @property
    def pushes(self) -> bool:
        """Whether it is about what the fields hold."""
        return self in _PUSHES


_PUSHES = {Operation.CREATE, Operation.UPDATE, Operation.PROBE, Operation.LINK}


class EntryState(StrEnum):
    RUNNING = "running"
    RETRYING = "retrying"
    SYNCED = "synced"
    ERROR = "error"


class SyncEntry(db.Model):
    """One line of the sync log: a create or an update, with all of its tries."""

    __tablename__ = "sync_entry"
    __table_args__ = (Index("ix_sync_entry_log", "organization_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    issue_link_id: Mapped[int] = mapped_column(ForeignKey("issue_link.id"), index=True)
    action_item_id: Mapped[int] = mapped_column(ForeignKey("action_item.id"), index=True)
    operation: Mapped[Operation] = mapped_column(enum_column(Operation))
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[EntryState] = mapped_column(enum_column(EntryState), default=EntryState.RUNNING)
    # The action item's, when this was last tried; None in lines of older code.
    title: Mapped[str | None] = mapped_column(String(255))
    issue_key: Mapped[str | None] = mapped_column(String(64))
    failure_code: Mapped[FailureCode | None] = mapped_column(enum_column(FailureCode))
    failure_message: Mapped[str | None] = mapped_column(Text)
    failure_fields: Mapped[list[str] | None] = mapped_column(JSON)
    # What stood in Jira in fields that were changed on both sides and that ours replaced.
    replaced: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow, index=True)

    link: Mapped[IssueLink] = relationship(back_populates="entries")
    action_item: Mapped[ActionItem] = relationship()
    attempts: Mapped[list["SyncAttempt"]] = relationship(
        back_populates="entry", order_by="SyncAttempt.id", cascade="all, delete-orphan"
    )


class Outcome(StrEnum):
    SUCCEEDED = "succeeded"
    ADOPTED = "adopted"  # a probe found the issue of an earlier try
    NOT_FOUND = "not-found"  # a probe found nothing
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate-limited"
    UNAUTHORIZED = "unauthorized"
    UNKNOWN = "unknown"
    INTERRUPTED = "interrupted"  # the worker died with it in flight


class SyncAttempt(db.Model):
    """One try: one request to Jira for one link."""

    __tablename__ = "sync_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("sync_entry.id"), index=True)
    operation: Mapped[Operation] = mapped_column(enum_column(Operation))
    outcome: Mapped[Outcome] = mapped_column(enum_column(Outcome))
    status: Mapped[int | None]
    trace_id: Mapped[str | None] = mapped_column(String(128))
    message: Mapped[str | None] = mapped_column(Text)
    duration_ms: Mapped[int | None]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow, index=True)

    entry: Mapped[SyncEntry] = relationship(back_populates="attempts")
