"""What the pages before somebody goes say of what they leave behind. Pure."""

from dataclasses import dataclass

from app.services.departures.legacies import Legacy
from app.services.labels import plural


@dataclass(frozen=True)
class LegacyWords:
    """Of one team; empty where there is nothing to say or to choose.

    successor: beside the choice of a facilitator. alone: instead of it. heir: beside the choice of
    who gets the items; kept: its first entry, that nobody does; hint: below it. stay: instead of
    it. show: opens the list of the items.
    """

    successor: str = ""
    alone: str = ""
    heir: str = ""
    kept: str = ""
    hint: str = ""
    stay: str = ""
    show: str = ""


def words_of(legacy: Legacy, *, leaves: str, sends_mail: bool) -> LegacyWords:
    """leaves: the name of who is removed; empty for who leaves by themselves, and is spoken to."""
    whose = f"with {leaves or 'you'}"
    return LegacyWords(
        **_of_facilitators(legacy, by_themselves=not leaves, sends_mail=sends_mail),
        **_of_items(legacy, whose, sends_mail),
    )


def _of_facilitators(legacy: Legacy, *, by_themselves: bool, sends_mail: bool) -> dict[str, str]:
    if not legacy.alone:
        return {}
    if legacy.successors:
        return {"successor": "Nobody else facilitates it. From now on does"}
    then = "Nobody else is in it, either."
    if by_themselves:
        hear = "are told, and " if sends_mail else ""
        then = f"Owner and Admins {hear}choose somebody."
    return {"alone": f"Nobody else facilitates it. {then}"}


def _of_items(legacy: Legacy, whose: str, sends_mail: bool) -> dict[str, str]:
    count = len(legacy.items)
    if not count:
        return {}
    items, show = (
        plural(count, "open action item"),
        f"Show {'it' if count == 1 else f'the {count}'}",
    )
    if not legacy.heirs:
        return {"stay": f"{items} {'stays' if count == 1 else 'stay'} {whose}.", "show": show}
    mailed = "Whoever gets them is told by e-mail, unless they declined it." if sends_mail else ""
    return {
        "heir": f"Hand {items} to",
        "kept": f"Nobody: {'it stays' if count == 1 else 'they stay'} {whose}",
        "hint": f"Where there is an issue, its assignee changes with it. {mailed}".rstrip(),
        "show": show,
    }
