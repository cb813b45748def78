"""The status that an issue owes, because a person completed or reopened its action item here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import db
from app.models.issue_status import DONE
from app.models.sync import FailureCode, IssueLink
from app.models.types import UtcDateTime, enum_column


class OwedCategory(StrEnum):
    """Which side of done the issue is to be on. Any status of it will do."""

    DONE = "done"
    OPEN = "open"

    def is_met_by(self, category: str) -> bool:
        """Whether a status of that category of Jira's is on this side."""
        return (category == DONE) is (self is OwedCategory.DONE)


REMEMBERED = 5
_MOMENTS = ("left_at", "answered_at", "before", "after")
# What a person has to see to, in Jira or in the settings.
NEEDS_SOMEBODY = frozenset(
    {
        FailureCode.NO_TRANSITION,
        FailureCode.NONE_OFFERED,
        FailureCode.SEVERAL_STATUSES,
        FailureCode.SCREEN_ASKS_MORE,
        FailureCode.RESOLUTION_NOT_CHOSEN,
        FailureCode.RESOLUTION_NOT_LISTED,
        FailureCode.STATUS_REFUSED,
    }
)


@dataclass(frozen=True)
class OwnTransition:
    """One that we sent: when it left, and when it was answered; None: that is not known. Aware UTC.

    category: Jira's, of the status that it leads to. before, after: when Jira gave the answer
    before it and its own, by Jira's clock and in whole seconds; None: it has not said.
    """

    left_at: datetime
    category: str
    answered_at: datetime | None = None
    before: datetime | None = None
    after: datetime | None = None


class OwedStatus(db.Model):
    """At most one a link. `owed` is None once it is settled; what was sent is remembered."""

    __tablename__ = "owed_status"
    __table_args__ = (
        Index(
            "ix_owed_status_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    issue_link_id: Mapped[int] = mapped_column(
        ForeignKey("issue_link.id"), primary_key=True, autoincrement=False
    )
    owed: Mapped[OwedCategory | None] = mapped_column(enum_column(OwedCategory))
    # Since when, and who completed or reopened the item.
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    owed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    # What the status is called that it is to have, as far as that is known.
    status_name: Mapped[str | None] = mapped_column(String(255))
    # Nothing while there is nothing to do: settled, or in trouble.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    # Why it is not there yet: with Jira's sentence, or the fields that its screen asks for.
    failure_code: Mapped[FailureCode | None] = mapped_column(enum_column(FailureCode))
    failure_message: Mapped[str | None] = mapped_column(Text)
    failure_fields: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    # The latest that we sent ourselves.
    own: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    link: Mapped[IssueLink] = relationship(back_populates="owed_status")

    @property
    def needs_somebody(self) -> bool:
        return self.owed is not None and self.due_at is None and self.failure_code in NEEDS_SOMEBODY

    @property
    def own_transitions(self) -> tuple[OwnTransition, ...]:
        """Those that are remembered, the earliest first."""
        return tuple(map(_loaded, self.own))

    def remember(self, transitions: Sequence[OwnTransition]) -> None:
        """Remember the latest of these."""
        self.own = [_dumped(each) for each in transitions[-REMEMBERED:]]

    def settle(self) -> None:
        """Nothing is owed any more."""
        self.owed = self.since = self.owed_by_id = self.status_name = self.due_at = None
        self.clear()

    def clear(self) -> None:
        """With fresh tries, and nothing known to be in the way."""
        self.tries = 0
        self.failure_code = self.failure_message = self.failure_fields = None


def _loaded(kept: dict[str, Any]) -> OwnTransition:
    at = {name: kept.get(name) for name in _MOMENTS}  # what earlier versions wrote lacks some
    moments = {name: datetime.fromisoformat(text) for name, text in at.items() if text}
    return OwnTransition(category=kept["category"], **moments)


def _dumped(own: OwnTransition) -> dict[str, Any]:
    at = {name: getattr(own, name) for name in _MOMENTS}
    moments = {name: moment and moment.isoformat() for name, moment in at.items()}
    return {"category": own.category, **moments}
