"""Why a field was left out of an issue, or sent otherwise, as a link keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.models.sync import IssueLink


class NoteReason(StrEnum):
    """Why Jira does not have the field as a person wrote it here."""

    NOT_ON_SCREEN = "not-on-screen"
    NOT_PERMITTED = "not-permitted"  # the account lacks what the field needs
    REFUSED = "refused"
    PLAIN = "plain"  # sent as plain paragraphs, because Jira could not read it
    # Of a field value, for this action item: nobody is matched, or no sprint is the one.
    NOT_MATCHED = "not-matched"
    NO_SPRINT = "no-sprint"
    SEVERAL_SPRINTS = "several-sprints"


# No screen is called this: what a check has found again is tried on whichever there is.
FOUND_AGAIN = "found-again"


@dataclass(frozen=True)
class Note:
    """`screen` names the screen that it was about: on another one it is tried again.

    found: a check has found since that the field can be set there. What is refused all the same
    waits until a check finds otherwise, and then finds it again. name: Jira's, of a field value.
    until: of an active sprint, as long as it may still be set later (aware UTC).
    """

    reason: NoteReason
    screen: str = ""
    found: bool = False
    name: str = ""
    until: datetime | None = None

    @property
    def found_again(self) -> bool:
        """Whether the field is to be tried because of what a check has found."""
        return self.screen == FOUND_AGAIN

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> "Note":
        """From the form of the column."""
        return cls(
            NoteReason(kept["reason"]),
            kept["screen"],
            kept.get("found", False),
            kept.get("name", ""),
            datetime.fromisoformat(kept["until"]) if kept.get("until") else None,
        )

    def dump(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"until": self.until.isoformat() if self.until else None}


def notes_of(link: IssueLink) -> dict[str, Note]:
    """By Jira's id of a field what is noted."""
    return {name: Note.load(kept) for name, kept in (link.field_notes or {}).items()}


def keep_notes(link: IssueLink, notes: Mapping[str, Note]) -> None:
    """Keep these and no others."""
    link.field_notes = {name: each.dump() for name, each in notes.items()} or None


def forget_notes(link: IssueLink) -> None:
    """What was left out is tried again; what only a create sends not, once there is an issue."""
    lasting = {name: each for name, each in notes_of(link).items() if each.name and link.created}
    keep_notes(link, lasting)
