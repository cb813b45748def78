"""Why a field was left out of an issue, or sent otherwise, as a link keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from app.models.sync import IssueLink


class NoteReason(StrEnum):
    """Why Jira does not have the field as a person wrote it here."""

    NOT_ON_SCREEN = "not-on-screen"
    NOT_PERMITTED = "not-permitted"  # the account lacks what the field needs
    REFUSED = "refused"
    PLAIN = "plain"  # sent as plain paragraphs, because Jira could not read it


@dataclass(frozen=True)
class Note:
    """`screen` names the screen that it was about: on another one it is tried again."""

    reason: NoteReason
    screen: str = ""

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> "Note":
        """From the form of the column."""
        return cls(NoteReason(kept["reason"]), kept["screen"])

    def dump(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def notes_of(link: IssueLink) -> dict[str, Note]:
    """By Jira's id of a field what is noted."""
    return {name: Note.load(kept) for name, kept in (link.field_notes or {}).items()}


def keep_notes(link: IssueLink, notes: Mapping[str, Note]) -> None:
    """Keep these and no others."""
    link.field_notes = {name: each.dump() for name, each in notes.items()} or None
