"""What each figure means: the one place where it is written. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    name: str
    words: str


DEFINITIONS = (
    Definition(
        "Done within 30 days",
        "Done on the 30th day after it was written or earlier, of all that are 30 days old. What "
        "was dropped counts as not done; what was deleted does not count.",
    ),
    Definition(
        "Done",
        "When somebody completed it here, or when its issue last moved into a Done status. What "
        "was opened again is not done. What was done more than once counts as done within 30 days "
        "by the first time.",
    ),
    Definition(
        "Median to done",
        "Half of what was written in these months and is done took so many days or fewer, up to "
        "the last time it was completed.",
    ),
    Definition("Open", "Neither done nor dropped today, whenever it was written."),
    Definition("Overdue", "Open, and its due date has passed."),
    Definition(
        "Untouched",
        "Open, and for 14 days nobody has changed it here or in Jira. What Unpack sends is no "
        "change.",
    ),
    Definition("Carried over", "Counted once, in the month in which it was first written."),
)
TOO_FEW = "Too few to say"
WITHOUT_JIRA = Definition(
    "In Jira",
    "Webhooks are off, so Jira does not tell what happens there: only what is completed in Unpack "
    "counts, and only what is changed in Unpack counts as touched.",
)


def calendar(zone: str) -> Definition:
    """By whose days all of it is counted."""
    return Definition("Days and months", f"By the organization’s calendar, in {zone}.")
