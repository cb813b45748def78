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


KNOWN: tuple[Known, ...] = ()

RULES = frozenset(each.rule for each in KNOWN)
