"""What the product is known to break today, each rule with a seed that shows it.

The list is strict: when a seed here does not break its rule any more, the entry has to go.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """rule: the auditor's name for it. seed, hours, only: a short run in which it is broken."""

    rule: str
    why: str
    seed: int
    hours: float
    only: tuple[int, ...] | None  # None: all of the seed's


KNOWN: tuple[Known, ...] = (
    Known(
        "jiras-words-kept",
        "a description that somebody wrote in Jira is overwritten by the next edit here, unseen",
        159,
        6,
        (10, 12, 17),
    ),
    Known(
        "remapped-edits-are-sent",
        "an edit is held against the create screen of the project that the team is mapped to now,"
        " not against the issue's own",
        1001,
        24,
        None,
    ),
)

RULES = frozenset(each.rule for each in KNOWN)
