"""What went wrong and what helps, as one person reads it where it is shown. Pure."""

from dataclasses import dataclass

from app.services.panel.causes import Group
from app.services.panel.head import group_words
from app.services.panel.item_messages import Message
from app.services.panel.panels import Row


@dataclass(frozen=True)
class AdviceWords:
    """strong: what happened, and what Jira said. sentence: what this person can do about it.

    endpoint, link: the settings page that mends it. tries: leads to the tries in the Sync Log. Both
    are empty for whoever may not open these pages. in_jira: the issue that somebody has to move.
    """

    tone: str
    strong: str
    sentence: str
    endpoint: str = ""
    link: str = ""
    tries: str = ""
    in_jira: str = ""


def words_of(
    message: Message, *, administers: bool, begun: str = "", tries: str = ""
) -> AdviceWords:
    """Word it for a person. begun: what stands before the heading. administers: Owner or Admin."""
    heading = f"{message.heading}." if message.heading else ""
    return AdviceWords(
        tone=message.tone,
        strong=_joined(begun, heading, _said(message) if begun or heading else ""),
        sentence=message.admin if administers else message.others,
        endpoint=(message.endpoint or "") if administers else "",
        link=(message.link or "") if administers else "",
        tries=tries if administers else "",
        in_jira=message.in_jira if message.in_jira.startswith(("https://", "http://")) else "",
    )


def of_row(row: Row, *, administers: bool) -> AdviceWords | None:
    """What the row of an action item says of its state, if anything."""
    if row.message is None:
        return None
    failed = row.link is not None and row.state.chip == "error"
    tries = _tries(row.link.tries) if row.link is not None and failed else ""
    return words_of(row.message, administers=administers, tries=tries)


def of_group(group: Group[Row], *, administers: bool) -> AdviceWords:
    """What the panel's head says of rows that fail for one cause."""
    begun = f"{group_words(group)}."
    return words_of(group.message, administers=administers, begun=begun, tries="See all tries")


def in_log(message: Message, *, headed: bool = False) -> AdviceWords:
    """What an entry of the Sync Log says. headed: the heading stands above it."""
    said = words_of(message, administers=True)
    if not headed:
        return said
    return AdviceWords(said.tone, _said(message), said.sentence, said.endpoint, said.link)


def _tries(count: int) -> str:
    return f"See all {count} tries" if count > 1 else "See the try"


def _said(message: Message) -> str:
    return f"Jira said: “{message.quote}”" if message.quote else ""


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))
