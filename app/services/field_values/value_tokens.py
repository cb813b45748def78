"""What may stand in a text and becomes something else for each action item. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

# In the order in which pages offer them, with what each is.
TOKENS: Mapping[str, str] = {
    "team": "the team",
    "retrospective": "the retrospective’s title",
    "date": "its day",
    "facilitator": "who facilitates it",
    "owner": "the action item’s assignee",
    "due": "its due date",
    "link": "the action item’s address",
}
# Those that are a day.
DAYS = ("date", "due")

_TOKEN = re.compile(r"\{([^{}\s]*)\}")


@dataclass(frozen=True)
class ItemFacts:
    """What the tokens of one action item become. What there is none of is empty, or None.

    owner_account, facilitator_account: whose accounts in Jira they are, as far as that is known.
    facilitator_id, facilitator_email: by which the facilitator is looked for there.
    """

    team: str
    retrospective: str
    held_on: date
    facilitator: str = ""
    owner: str = ""
    due_on: date | None = None
    link: str = ""
    owner_account: str | None = None
    facilitator_account: str | None = None
    facilitator_id: int | None = None
    facilitator_email: str = ""

    def word(self, token: str) -> str:
        """What a token becomes."""
        words = {
            "team": self.team,
            "retrospective": self.retrospective,
            "date": self.held_on.isoformat(),
            "facilitator": self.facilitator,
            "owner": self.owner,
            "due": self.due_on.isoformat() if self.due_on else "",
            "link": self.link,
        }
        return words[token]


def has_token(text: str) -> bool:
    """Whether it differs from one action item to another."""
    return any(token in TOKENS for token in _TOKEN.findall(text))


def unknown_tokens(text: str) -> list[str]:
    """What stands in braces and means nothing, as it stands there: "{sprint}"."""
    return [f"{{{each}}}" for each in dict.fromkeys(_TOKEN.findall(text)) if each not in TOKENS]


def filled(text: str, item: ItemFacts) -> str:
    """The text of one action item."""
    return _filled(text, item.word)


def filled_in_address(text: str, item: ItemFacts) -> str:
    """The same of an address: whatever is filled in is a part of it, and starts no new one."""
    return _filled(text, lambda token: quote(item.word(token), safe=""))


def _filled(text: str, word: Callable[[str], str]) -> str:
    return _TOKEN.sub(lambda found: word(found[1]) if found[1] in TOKENS else found[0], text)
