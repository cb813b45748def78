"""Looks for every planted fault, and says after how many seeds it showed and by which rule.

What breaks without the fault, too, is not its doing: each find is held against a control.
"""

import sys
import time
from itertools import count, islice

from tests.simulation import known
from tests.simulation.planted import FAULTS, Fault, planted
from tests.simulation.play import play
from tests.simulation.script import weather_of

AT_MOST = 1000  # seeds


def main(names: list[str], hours: float) -> int:
    """0 when each was found."""
    missing = []
    for fault in FAULTS:
        if names and fault.name not in names:
            continue
        started = time.process_time()
        seed, rule = find(fault, hours)
        spent = time.process_time() - started
        print(f"| {fault.name} | {fault.promise} | {rule} | {seed} | {spent:.0f} s |", flush=True)
        if not rule:
            missing.append(fault.name)
    if missing:
        print(f"Not found: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


def find(fault: Fault, hours: float, first: int = 1, at_most: int = AT_MOST) -> tuple[int, str]:
    """The first seed that shows the fault, and the rule that it breaks; no rule: none does.

    Of the seeds from `first` on, so many in the fault's weather are lived through.
    """
    fitting = (seed for seed in count(first) if fault.weather in (None, weather_of(seed)))
    for seed in islice(fitting, at_most):
        with planted(fault.name):
            found = _new_rules(seed, hours)
        if found and (own := [each for each in found if each not in _new_rules(seed, hours)]):
            return seed, own[0]
    return 0, ""


def _new_rules(seed: int, hours: float) -> list[str]:
    broken = play(seed, hours, known=known.RULES).broken
    return [each.rule for each in broken if each.rule not in known.RULES]
