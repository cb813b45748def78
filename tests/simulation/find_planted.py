"""Looks for every planted fault, and says after how many seeds it showed and by which rule."""

import sys
import time

from tests.simulation import known
from tests.simulation.planted import FAULTS, planted
from tests.simulation.play import play

AT_MOST = 1000  # seeds


def main(names: list[str], hours: float) -> int:
    """0 when each was found."""
    missing = []
    for fault in FAULTS:
        if names and fault.name not in names:
            continue
        started = time.process_time()
        seed, rule = find(fault.name, hours)
        spent = time.process_time() - started
        print(f"| {fault.name} | {fault.promise} | {rule} | {seed} | {spent:.0f} s |", flush=True)
        if not rule:
            missing.append(fault.name)
    if missing:
        print(f"Not found: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


def find(name: str, hours: float, first: int = 1, at_most: int = AT_MOST) -> tuple[int, str]:
    """The first seed that shows the fault, and the rule that it breaks; no rule: none does."""
    with planted(name):
        for seed in range(first, first + at_most):
            outcome = play(seed, hours, known=known.RULES)
            for each in outcome.broken:
                if each.rule not in known.RULES:
                    return seed, each.rule
    return first + at_most, ""
