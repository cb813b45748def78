"""What happens in a run, decided by its seed before anything has happened."""

import random
from dataclasses import dataclass

HOUR = 3600.0
# In each of them things happen, then the world heals, and at its end all must have come true.
PERIOD = 6 * HOUR
BUSY = 3.6 * HOUR
EVENTS = 20  # in a period: more than three an hour

WEIGHTS = {
    "people": {
        "commit": 14, "write": 6, "edit": 18, "delete": 4, "complete": 5, "sync": 6,
        "retry_all": 3, "unlink": 3, "create_again": 3, "go_back": 3, "remap": 4, "take_over": 4,
        "disconnect": 2, "reconnect": 5, "connect_elsewhere": 1, "downgrade": 2,
    },
    "jira": {
        "change": 9, "transition": 12, "move": 4, "erase": 4, "deny": 3, "screen": 2,
        "archive": 1, "forget webhooks": 1,
    },
    "trouble": {
        "answers": 22, "outage": 4, "index": 4, "webhooks": 4, "receiver": 2, "kill": 10,
        "kill many": 3, "freeze": 7, "empty redis": 2, "redis away": 2, "busy": 2, "clock": 2,
        "expire": 3, "revoke": 1,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One thing that happens; `number` tells it from the others of its seed."""

    number: int
    at: float
    who: str
    kind: str


def script(seed: int, hours: float) -> list[Event]:
    """The events of a seed in order of time."""
    dice = random.Random(f"{seed} script")
    events: list[Event] = []
    for period in range(max(1, round(hours * HOUR / PERIOD))):
        begins = period * PERIOD
        # Half of what happens comes shortly after something else: trouble meets work.
        moments, at = [], begins
        for _ in range(EVENTS):
            near = dice.random() < 0.5
            at = at + dice.uniform(0, 20) if near else begins + dice.uniform(60, BUSY)
            moments.append(min(at, begins + BUSY))
        for at in sorted(moments):
            who = dice.choices(["people", "jira", "trouble"], [5, 2, 4])[0]
            kind = dice.choices(list(WEIGHTS[who]), list(WEIGHTS[who].values()))[0]
            events.append(Event(len(events), at, who, kind))
    return events
