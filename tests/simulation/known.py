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
        "outages-end",
        "a create whose answers are lost again right after an outage is over gives up, and stays "
        "in sync error until somebody chooses Retry",
        seed=102,
        hours=6,
        only=None,
    ),
    Known(
        "waits",
        "an outage that ends while an edit's answer is under way arms the edit, which then goes "
        "out again at once",
        seed=1087967241,
        hours=6,
        only=None,
    ),
    Known(
        "log-tells",
        "a create that was answered is told by no try; not explained yet",
        seed=1087967244,
        hours=6,
        only=None,
    ),
    Known(
        "wishes-come-true",
        "an item that was unlinked and then synced has no link; not explained yet",
        seed=1087967257,
        hours=6,
        only=None,
    ),
)

RULES = frozenset(each.rule for each in KNOWN)
