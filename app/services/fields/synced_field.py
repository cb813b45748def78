"""What there is to say of a field that goes from an action item to its issue. Pure."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.jira.adf import Backlink
from app.jira.types import Issue
from app.models import ActionItem


class Kind(StrEnum):
    """How a page shows the value."""

    TEXT = "text"
    PERSON = "person"
    DAY = "day"


@dataclass(frozen=True)
class Missing:
    """What is said where the create screen lacks the field.

    code: that of the check's finding.
    consequence: a sentence on the issues that are created all the same.
    """

    code: str
    consequence: str = "Issues are created without one."


def unchanged(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class SyncedField:
    """A row of the table of synced fields.

    id: Jira's id of the field; the snapshot knows it by the same.
    attribute: the action item's, which a take-over writes.
    name: what a person calls it, inside a sentence.
    name_in_jira: what Jira's pages call it.
    permission: which of Jira's permissions the account needs for it, beside creating and editing.
    source: the value as a person wrote it here.
    render: from the source and the way back to Unpack to what Jira is sent. A person's source is
        matched first: `render` gets the account, or None (`outbound/assignee`).
    remember: from what Jira is sent to what the snapshot keeps of it; equal means nothing to send.
    stored: from the source to what the snapshot keeps of it, which is JSON.
    projected: from what Jira is sent to what one would then see of it. None: what is remembered.
    look: what one sees of it in an issue, in the same form. None: what is read, and of a field that
        is never read back, what Jira wrote.
    guarded: what somebody wrote in it in Jira is replaced only where a person says so.
    read: what an issue holds, in the snapshot's form. None: the field is never read back.
    accept: from the snapshot's form to the attribute's.
    always_filled: it has a value whatever a person wrote, and an empty one of Jira's is no news.
    sent_empty: a create says null where there is no value, because Jira would choose one.
    follows_edits: updates bring it up to date; otherwise it is the create's alone.
    switch: the column of `jira_settings` that lets it follow Jira. None: it never does.
    missing: None for a field that every create screen has.
    hint: what the settings say of it.
    preview: the heading of its column in the preview of Commit. None: it has none.
    """

    id: str
    attribute: str
    name: str
    name_in_jira: str
    source: Callable[[ActionItem], Any]
    render: Callable[[Any, Backlink], Any]
    kind: Kind = Kind.TEXT
    remember: Callable[[Any], Any] = unchanged
    stored: Callable[[Any], Any] = unchanged
    projected: Callable[[Any], Any] | None = None
    look: Callable[[Issue], Any] | None = None
    guarded: bool = False
    read: Callable[[Issue], Any] | None = None
    accept: Callable[[Any], Any] = unchanged
    permission: str | None = None
    always_filled: bool = False
    sent_empty: bool = False
    follows_edits: bool = True
    switch: str | None = None
    missing: Missing | None = None
    hint: str = ""
    preview: str | None = None

    @property
    def label(self) -> str:
        """The name where it stands by itself."""
        return self.name.capitalize()

    @property
    def switch_label(self) -> str:
        """What the switch is called where it stands by itself."""
        return f"Take over the {self.name}"

    def seen_as(self, sent: Any) -> Any:
        """What one would see in Jira of what is sent."""
        return (self.projected or self.remember)(sent)

    def is_on(self, screen: Container[str]) -> bool:
        """Whether it can be sent. `screen`: the field ids of the project's create screen."""
        return self.missing is None or self.id in screen
