"""What happens in a run, decided by its seed before anything has happened."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

from tests.simulation import subjects

HOUR = 3600.0
# In each of them things happen, then the world heals, and at its end all must have come true.
PERIOD = 6 * HOUR
BUSY = 3.6 * HOUR
EVENTS = 24  # in a period, for each organization: more than three an hour
TWO_CUSTOMERS = 0.25  # of the seeds

WHO = {"people": 5, "jira": 2, "trouble": 4}
WEIGHTS = {
    "people": {
        "commit": 14, "commit_many": 1, "commit_bad": 1, "write": 6, "edit": 18, "edit_many": 3,
        "delete": 4, "complete": 5, "sync": 6, "retry_all": 3, "unlink": 3, "create_again": 3,
        "go_back": 3, "remap": 4, "take_over": 4, "disconnect": 2, "reconnect": 5,
        "connect_elsewhere": 1, "downgrade": 2, "backfill": 3, "change_role": 1, "send_test": 2,
    },
    "jira": {
        "change": 9, "transition": 12, "move": 4, "erase": 4, "deny": 3, "screen": 2,
        "archive": 1, "forget webhooks": 1,
    },
    "trouble": {
        "answers": 20, "outage": 4, "index": 4, "webhooks": 4, "receiver": 2, "kill": 10,
        "kill many": 3, "dies": 5, "freeze": 7, "haste": 8, "empty redis": 2, "redis away": 2,
        "busy": 2, "clock": 2, "expire": 3, "revoke": 1,
    },
}  # fmt: skip
# Half of the seeds have a weather of their own: some things happen that much more often. What came
# to the script later has weathers, too (subjects.py).
WEATHERS: dict[str, dict[str, float]] = {
    "mixed": {},
    "lost creates": {"commit": 3, "sync": 4, "retry_all": 3, "answers": 3, "dies": 6, "index": 6,
                     "haste": 6, "unanswered": 6, "lost after": 4, "create": 4,
                     "downgrade": 0, "disconnect": 0, "deny": 0},
    "haste": {"haste": 12, "edit": 2, "edit_many": 4, "outage": 0},
    "deaf": {"webhooks": 8, "receiver": 6, "transition": 4, "change": 2, "outage": 0, "archive": 0,
             "disconnect": 0},
    "locked doors": {"deny": 12, "erase": 3, "transition": 3, "screen": 5, "archive": 3},
    "second thoughts": {"unlink": 5, "go_back": 6, "complete": 4, "transition": 3, "sync": 2,
                        "create_again": 3},
    "two pens": {"edit": 5, "change": 9, "outage": 0, "disconnect": 0, "downgrade": 0, "erase": 0},
    "texts": {"commit_bad": 12, "edit": 2, "change": 4, "outage": 0, "disconnect": 0},
    "storm": {"outage": 12, "commit": 3, "edit": 2, "edit_many": 3, "answers": 0.3, "disconnect": 0,
              "downgrade": 0, "haste": 0},
    "removals": {"remap": 8, "edit": 2, "edit_many": 4, "outage": 0, "disconnect": 0, "kill": 0,
                 "freeze": 0},
    "farewells": {"disconnect": 2, "reconnect": 4, "downgrade": 5, "commit_many": 12,
                  "edit_many": 12, "haste": 8, "outage": 0, "revoke": 0},
}  # fmt: skip
MIXED = 0.5


@dataclass(frozen=True)
class Event:
    """One thing that happens; `number` tells it from the others of its seed."""

    number: int
    at: float
    who: str
    kind: str


def customers_of(seed: int) -> int:
    """How many organizations live through it."""
    return 2 if random.Random(f"{seed} customers").random() < TWO_CUSTOMERS else 1


def weather_of(seed: int) -> str:
    """What there is more of than usual."""
    if subject := subjects.subject_of(seed):
        return subject.weather_of(seed)
    dice = random.Random(f"{seed} weather")
    return "mixed" if dice.random() < MIXED else dice.choice(list(WEATHERS))


def script(seed: int, hours: float) -> list[Event]:
    """The events of a seed in order of time."""
    dice = random.Random(f"{seed} script")
    weights = _weights(weather_of(seed))
    events: list[Event] = []
    for period in range(max(1, round(hours * HOUR / PERIOD))):
        begins = period * PERIOD
        # Half of what happens comes shortly after something else: trouble meets work.
        moments, at = [], begins
        for _ in range(EVENTS * customers_of(seed)):
            near = dice.random() < 0.5
            at = at + dice.uniform(0, 20) if near else begins + dice.uniform(60, BUSY)
            moments.append(min(at, begins + BUSY))
        # Without action items little can go wrong.
        for customer in range(customers_of(seed)):
            events.append(Event(len(events), begins + 1.0 + customer, "people", "commit"))
        for at in sorted(moments):
            who = dice.choices(list(weights), [sum(each.values()) for each in weights.values()])[0]
            kind = dice.choices(list(weights[who]), list(weights[who].values()))[0]
            events.append(Event(len(events), at, who, kind))
    return events


def more_in(weather: str) -> Mapping[str, float]:
    """How many times as often as usual something happens; what is not named: as ever."""
    own = subjects.of_name(weather)
    return own.more if own else WEATHERS[weather]


def _weights(weather: str) -> dict[str, dict[str, float]]:
    """How often each happens; the three who act keep their shares in a mixed weather."""
    more, own = more_in(weather), subjects.of_name(weather)
    return {
        who: {
            kind: weight * more.get(kind, 1.0) * WHO[who] / sum(kinds.values())
            for kind, weight in {**kinds, **(own.own.get(who, {}) if own else {})}.items()
        }
        for who, kinds in WEIGHTS.items()
    }
