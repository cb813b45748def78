"""What a field of a create screen is, as far as it decides about its values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Jira's own custom fields; others keep what names their maker.
JIRAS_OWN = "com.atlassian.jira.plugin.system.customfieldtypes:"
PLANNING = "com.pyxis.greenhopper.jira:"


@dataclass(frozen=True)
class Schema:
    """A field's schema. Its name decides nothing: it is translated, and two fields may share one.

    type, items: as Jira says. what: which custom or system field it is, without JIRAS_OWN.
    settable: whether it may be set at all.
    """

    type: str
    items: str
    what: str
    settable: bool = True

    @property
    def fingerprint(self) -> str:
        """The same as long as the field takes the same values."""
        return "/".join((self.what, self.type, self.items))

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> "Schema":
        """As a create screen keeps it; one that was read before has none, and so is of no kind."""
        return cls(
            stored.get("type", ""),
            stored.get("items", ""),
            stored.get("what", ""),
            stored.get("settable", True),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "items": self.items,
            "what": self.what,
            "settable": self.settable,
        }


def schema_of(
    type_: str, items: str, custom: str | None, system: str | None, operations: tuple[str, ...]
) -> Schema:
    """From what `createmeta` says."""
    what = (custom or "").removeprefix(JIRAS_OWN) or system or ""
    return Schema(type_, items, what, "set" in operations)
