"""What waits for a person's decision because both sides changed it, as a link keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.models.sync import IssueLink


@dataclass(frozen=True)
class Difference:
    """What stands in Jira in a field that was changed on both sides.

    seen: names it, as a snapshot does. text: as one reads it. by, at: who wrote it and when (aware
    UTC), as far as Jira told. replace: a person said that ours may replace just this.
    """

    seen: str
    text: str
    by: str = ""
    at: datetime | None = None
    replace: bool = False

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> "Difference":
        """From the form of the column."""
        at = kept.get("at")
        return cls(**{**kept, "at": datetime.fromisoformat(at) if at else None})

    def dump(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "at": self.at.isoformat() if self.at else None}


def differences_of(link: IssueLink) -> dict[str, Difference]:
    """By Jira's id of a field what is open."""
    return {name: Difference.load(kept) for name, kept in (link.differences or {}).items()}


def keep_differences(link: IssueLink, differences: Mapping[str, Difference]) -> None:
    """Keep these open and no others."""
    link.differences = {name: each.dump() for name, each in differences.items()} or None
