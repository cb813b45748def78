"""What came to the script later: each subject has weathers of its own, in some of the seeds.

All other seeds stay the histories that they were. A subject more is a row of `SUBJECTS`, in seeds
that no other has, and that no planted fault of before is found by (first_seeds.json).
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Weather:
    """own: what happens in no other weather, by who does it, weighed as in script.py.

    more: how much more often than usual something happens. haste: what else somebody does just
    when a write leaves (trouble.py).
    """

    own: Mapping[str, Mapping[str, float]]
    more: Mapping[str, float] = field(default_factory=dict)
    haste: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """Of so many seeds in a row, the one at that place has one of these weathers."""

    of: int
    at: int
    weathers: Mapping[str, Weather]

    def has(self, seed: int) -> bool:
        """Whether the seed is one of its own."""
        return seed % self.of == self.at

    def weather_of(self, seed: int) -> str:
        """Which of its weathers one of its seeds has."""
        return random.Random(f"{seed} weather").choice(list(self.weathers))


# Issues that people choose and create themselves: design.md §3.7, §3.8.
_LINKING = Weather(
    own={
        "people": {"link": 60, "link_at_once": 30, "link_unknown": 10, "finish": 30},
        "jira": {"write": 6},
    },
    more={"commit": 2, "unlink": 4, "edit": 1.5, "create_again": 3, "create": 2, "disconnect": 0.3,
          "downgrade": 0.3, "outage": 0.5, "archive": 0},
    haste={"link": 4, "finish": 2},
)  # fmt: skip

# What else a mapping sends with each issue: design.md §2.10.
_VALUES = Weather(
    own={
        "people": {"value": 60, "map_with_values": 20, "value_of_team": 25},
        "jira": {"option": 5, "value field": 8, "validator": 4, "demand": 3},
    },
    more={"commit": 4, "commit_many": 8, "write": 2, "sync": 2, "remap": 2, "edit": 0.5,
          "outage": 0.3, "disconnect": 0.3, "downgrade": 0.3, "archive": 0, "create": 2},
    haste={"value": 30},
)  # fmt: skip
# Teams that do not sync, and a pause: design.md §2.8, §2.9.
_PAUSES = Weather(
    own={"people": {"pause_or_resume": 25, "pause_for_a_while": 25, "leave_out": 40}},
    more={"commit": 3, "edit": 1.5, "edit_many": 3, "sync": 2, "write": 2, "outage": 0.3,
          "downgrade": 0.3, "backfill": 2},
    haste={"pause_for_a_while": 6, "leave_out": 6},
)  # fmt: skip
# The status that an issue owes: design.md §2.11.
_STATUSES = Weather(
    own={
        "people": {
            "choose_status": 25, "complete_and_back": 50, "complete_once": 25,
            "complete_many_times": 12,
        },
        "jira": {"workflow": 3, "send back": 3},
    },
    more={"complete": 0, "commit": 2, "transition": 3, "webhooks": 2, "outage": 0.3, "edit": 0.5,
          "disconnect": 0.3, "downgrade": 0.3, "archive": 0},
    haste={"complete_once": 6},
)  # fmt: skip
# Here and in Jira people want other statuses at the same time: design.md §2.11.
_QUARRELS = Weather(
    own={
        "people": {"complete_and_be_overruled": 50, "complete_and_rethink": 50},
        "jira": {"send back": 1},
    },
    more={"complete": 0, "commit": 2, "haste": 4, "webhooks": 2, "outage": 0.2, "edit": 0.3,
          "clock": 0.3, "erase": 0, "disconnect": 0, "downgrade": 0, "archive": 0},
    haste={"complete_once": 20},
)  # fmt: skip

# What was committed before, in the next retrospective: design.md §2.12.
_NEXT_TIME = Weather(
    own={
        "people": {"start_next": 16, "open_last_time": 10, "carry_over": 24, "carry_over_all": 6,
                   "carry_at_once": 12, "undo_carry_over": 10, "carry_gone": 14, "commit_both": 12,
                   "commit_next": 16, "drop": 34, "edit_and_drop": 20, "take_up": 20},
    },
    more={"commit": 2, "create_again": 4, "go_back": 2, "commit_many": 0, "commit_bad": 0,
          "disconnect": 0.3, "downgrade": 0.3, "archive": 0},
    haste={"drop": 5, "carry_over": 1, "take_up": 2},
)  # fmt: skip

# The active sprint, set where an issue is created or soon after: design.md §2.10.
_SPRINTS = Weather(
    own={
        "people": {"sprint": 30, "commit_while_one_begins": 60},
        "jira": {"sprint starts": 12, "sprint ends": 4, "into a sprint": 14, "sprint refused": 1},
    },
    more={"commit": 2, "write": 0, "answers": 0.5, "outage": 0.2, "remap": 0, "kill": 0.5,
          "disconnect": 0.3, "downgrade": 0.3, "archive": 0, "edit": 0.5},
)  # fmt: skip

# Screens that ask for a resolution when an issue is done: design.md §2.11.
_RESOLUTIONS = Weather(
    own={
        "people": {"choose_resolution": 40, "resolve_in_two_steps": 30, "complete_once": 60,
                   "complete_and_back": 20},
        "jira": {"resolution": 20},
    },
    more={"complete": 0, "commit": 2, "outage": 0.3, "edit": 0.5, "webhooks": 2,
          "disconnect": 0.3, "downgrade": 0.3, "archive": 0, "move": 0.3},
    haste={"complete_once": 6, "choose_resolution": 3},
)  # fmt: skip

# Values that Jira refuses, and others that are chosen meanwhile: design.md §2.10.
_REFUSALS = Weather(
    own={"people": {"choose_while_refused": 80, "value": 10}},
    more={"commit": 2, "commit_many": 4, "write": 3, "outage": 0.3, "disconnect": 0.3,
          "downgrade": 0.3, "archive": 0, "remap": 0.5},
    haste={"value": 10},
)  # fmt: skip

SUBJECTS = (
    Subject(
        of=4,
        at=0,
        weathers={
            "linking": _LINKING,
            "values": _VALUES,
            "pauses": _PAUSES,
            "statuses": _STATUSES,
        },
    ),
    Subject(of=16, at=7, weathers={"next time": _NEXT_TIME}),
    Subject(of=16, at=5, weathers={"sprints": _SPRINTS}),
    Subject(of=16, at=14, weathers={"resolutions": _RESOLUTIONS, "refusals": _REFUSALS}),
    Subject(of=16, at=9, weathers={"quarrels": _QUARRELS}),
)


def subject_of(seed: int) -> Subject | None:
    """Whose seed it is; None: one of the script's first weathers."""
    return next((each for each in SUBJECTS if each.has(seed)), None)


def of_name(name: str) -> Weather | None:
    """A subject's weather."""
    return next((each.weathers[name] for each in SUBJECTS if name in each.weathers), None)
