"""What pages show of a state: a chip, and a sentence in which a time stands."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Chip:
    """A state in a word or two.

    `state` chooses its colour (`data-state`). `at`, aware UTC, ends the words as a clock time.
    `spin`: the icon turns. dated: with its day, where that is not today.
    """

    state: str
    icon: str
    words: str
    at: datetime | None = None
    spin: bool = False
    dated: bool = False


@dataclass(frozen=True)
class Sentence:
    """Words around a time: the template writes `at`, aware UTC, in the zone of who looks.

    dated: with its day, where that is not today.
    """

    before: str
    at: datetime | None = None
    after: str = ""
    dated: bool = False


def plural(count: int, one: str, many: str | None = None) -> str:
    """ "1 person", "2 people"."""
    return f"{count} {one if count == 1 else many or one + 's'}"
