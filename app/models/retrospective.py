"""Retrospectives, their phases and their action items."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, FetchedValue, ForeignKey, Index, String, Text, or_, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.models.identity import Team, User
from app.models.types import UtcDateTime, enum_column


class Phase(StrEnum):
    DRAFT = "draft"
    CHECK_IN = "check-in"
    REFLECT = "reflect"
    GROUP = "group"
    VOTE = "vote"
    DISCUSS = "discuss"
    COMMIT = "commit"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def position(self) -> int:
        return list(Phase).index(self)

    @property
    def previous(self) -> "Phase | None":
        return list(Phase)[self.position - 1] if self.position else None

    @property
    def following(self) -> "Phase | None":
        phases = list(Phase)
        return phases[self.position + 1] if self is not Phase.CLOSED else None

    @property
    def has_action_items(self) -> bool:
        """Action items are written from Discuss on."""
        return self.position >= Phase.DISCUSS.position


class Retrospective(db.Model):
    __tablename__ = "retrospective"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"), index=True)
    # The team's. Written by a trigger (migration 0020), whoever writes the row.
    organization_id: Mapped[int | None] = mapped_column(server_default=FetchedValue())
    title: Mapped[str] = mapped_column(String(200))
    phase: Mapped[Phase] = mapped_column(enum_column(Phase), default=Phase.DRAFT)
    held_on: Mapped[date]
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # When it first entered Commit; kept when somebody goes back.
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # When Jira was last asked what became of the action items of before, whatever it answered.
    looked_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    team: Mapped[Team] = relationship()
    facilitator: Mapped[User | None] = relationship()
    action_items: Mapped[list["ActionItem"]] = relationship(
        back_populates="retrospective", order_by="ActionItem.id"
    )


class CompletedIn(StrEnum):
    """Where an action item was completed: what a person completed here, Jira never reopens."""

    UNPACK = "unpack"
    JIRA = "jira"


class ActionItem(db.Model):
    """Deleted softly: what a running push brings back is recorded all the same (design.md §2).

    One that was dropped is closed, so it has `completed_at` as well, and everything that asks for
    open ones leaves it out. Done is what is complete and was not dropped.
    """

    __tablename__ = "action_item"
    __table_args__ = (
        # What is open of somebody, by its day: the digest and the reminders ask for it.
        Index(
            "ix_action_item_open_of_assignee",
            "assignee_id",
            "due_on",
            sqlite_where=text("completed_at IS NULL AND deleted_at IS NULL"),
            postgresql_where=text("completed_at IS NULL AND deleted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    retrospective_id: Mapped[int] = mapped_column(ForeignKey("retrospective.id"), index=True)
    # The retrospective's, so that an index finds what a page lists. Written by a trigger, too.
    organization_id: Mapped[int | None] = mapped_column(server_default=FetchedValue())
    team_id: Mapped[int | None] = mapped_column(server_default=FetchedValue())
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text, default="")
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    due_on: Mapped[date | None]
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_in: Mapped[CompletedIn | None] = mapped_column(enum_column(CompletedIn))
    # When it was completed for the first time, however often it was opened again. None also of what
    # a version completed that did not keep it.
    first_completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    # The team does not want it any more. Nothing is sent for it or taken over until that is undone.
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    drop_reason: Mapped[str | None] = mapped_column(String(200))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow, onupdate=utcnow)
    # When somebody last changed its issue in Jira, by Jira's clock; what Unpack sends is no change.
    touched_in_jira_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    retrospective: Mapped[Retrospective] = relationship(back_populates="action_items")
    assignee: Mapped[User | None] = relationship(foreign_keys=assignee_id)
    created_by: Mapped[User | None] = relationship(foreign_keys=created_by_id)
    completed_by: Mapped[User | None] = relationship(foreign_keys=completed_by_id)
    dropped_by: Mapped[User | None] = relationship(foreign_keys=dropped_by_id)

    @property
    def complete(self) -> bool:
        return self.completed_at is not None

    @property
    def dropped(self) -> bool:
        return self.dropped_at is not None

    @hybrid_property
    def let_go(self) -> bool:
        """Whether it was deleted or dropped: nothing goes between it and its issue."""
        return self.deleted_at is not None or self.dropped_at is not None

    @let_go.inplace.expression
    @classmethod
    def _let_go(cls) -> ColumnElement[bool]:
        return or_(cls.deleted_at.is_not(None), cls.dropped_at.is_not(None))

    def note_completion(self, at: datetime, where: CompletedIn, by: User | None = None) -> None:
        """It was completed then (aware UTC), there, by that person if one is known."""
        self.completed_at, self.completed_in, self.completed_by = at, where, by
        self.first_completed_at = self.first_completed_at or at
