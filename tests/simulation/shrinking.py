"""From a failing seed to the fewest of its events that still break the same rule."""

import math
import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from tests.simulation.play import Outcome, play
from tests.simulation.script import HOUR, PERIOD

AT_MOST = 300.0  # seconds of this machine
STORY_LINES = 60


def shrink(failed: Outcome, known: Collection[str] = (), seconds: float = AT_MOST) -> Outcome:
    """The shortest run found in time that breaks the first rule which `failed` broke."""
    wanted = first_rule(failed, known)
    until = time.monotonic() + seconds
    hours = math.ceil((failed.broken_at(wanted) + 1) / PERIOD) * PERIOD / HOUR
    best = replace(failed, hours=min(hours, failed.hours))
    numbers = [e.number for e in failed.events if e.at <= failed.broken_at(wanted)]
    size = max(1, len(numbers) // 2)
    while size >= 1 and time.monotonic() < until:
        numbers, best, shorter = _without(numbers, size, best, wanted, known, until)
        if not shorter:
            size //= 2
    return best


def _without(
    numbers: list[int],
    size: int,
    best: Outcome,
    wanted: str,
    known: Collection[str],
    until: float,
) -> tuple[list[int], Outcome, bool]:
    """Leave out each stretch of `size` events in turn, the last ones first."""
    shorter = False
    for start in range(len(numbers) - 1, -1, -size):
        low = max(0, start - size + 1)
        rest = numbers[:low] + numbers[start + 1 :]
        if time.monotonic() > until:
            break
        tried = play(best.seed, best.hours, rest, known)
        if wanted in {each.rule for each in tried.broken}:
            numbers, best, shorter = rest, tried, True
    return numbers, best, shorter


def first_rule(outcome: Outcome, known: Collection[str]) -> str:
    """The rule that stopped a run."""
    return next(each.rule for each in outcome.broken if each.rule not in known)


def story(outcome: Outcome) -> str:
    """The last of what happened, for a reader."""
    lines: Sequence[str] = outcome.history
    telling = [line for line in lines if " arrives " not in line][-STORY_LINES:]
    return "\n".join(telling)


def as_test(outcome: Outcome, rule: str) -> str:
    """A test to paste."""
    numbers = ", ".join(str(event.number) for event in outcome.events)
    name = "".join(letter if letter.isalnum() else "_" for letter in rule)
    return (
        f"def test_seed_{outcome.seed}_{name}() -> None:\n"
        f"    outcome = play({outcome.seed}, {outcome.hours:g}, only=[{numbers}])\n\n"
        f"    assert [each.rule for each in outcome.broken] == []\n"
    )
