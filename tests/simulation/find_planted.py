"""Looks for planted faults: each must break a rule within so many seeds of six hours.

What breaks without the fault, too, is not its doing: each find is held against a control, the same
seed without the fault. The search begins with the seed that showed the fault last time, which
`first_seeds.json` keeps; a change of the script makes other histories, so it may have to go on.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from tests.simulation import known
from tests.simulation.planted import FAULTS, planted
from tests.simulation.planted_fault import Fault
from tests.simulation.play import play
from tests.simulation.script import weather_of

AT_MOST = 1000  # seeds
# A fault that is looked for at every commit has to show soon.
AT_MOST_AT_ONCE = 20
FIRST_SEEDS = Path(__file__).parent / "first_seeds.json"


@dataclass(frozen=True)
class Found:
    """The seed that shows a fault, and the rule that is broken there; no rule: no seed does."""

    fault: Fault
    seed: int
    rule: str

    @property
    def row(self) -> str:
        """A line of the table in docs/simulation.md."""
        fault, weather = self.fault, self.fault.weather or "any"
        return f"| {fault.name} | {fault.promise} | `{self.rule}` | {self.seed} | {weather} |"


def main(names: Sequence[str]) -> int:
    """Look for these, or for all; keeps the seeds that showed them. 0 when each was found."""
    wanted = [fault for fault in FAULTS if not names or fault.name in names]
    return _missing(_look_for(wanted, AT_MOST, keep=True))


def three_of(commit: str) -> int:
    """Look for three faults that the commit chooses. 0 when each was found."""
    return _missing(_look_for(chosen(commit), AT_MOST_AT_ONCE))


def chosen(commit: str) -> list[Fault]:
    """Three faults: the same for the same commit, others for most others."""
    return random.Random(commit).sample(FAULTS, 3)


def find(fault: Fault, at_most: int = AT_MOST) -> Found:
    """The first seed that shows the fault, of so many in its weather."""
    for seed in islice(_seeds(fault), at_most):
        with planted(fault.name):
            broken = _broken_rules(seed, fault.hours)
        without = set(_broken_rules(seed, fault.hours)) if broken else set()
        if own := [rule for rule in broken if rule not in without]:
            return Found(fault, seed, own[0])
    return Found(fault, 0, "")


def _look_for(faults: Sequence[Fault], at_most: int, keep: bool = False) -> list[Found]:
    print("| fault | promise | rule that broke | seed | weather |\n|---|---|---|---|---|")
    started, found = time.process_time(), []
    for fault in faults:
        found.append(find(fault, at_most))
        print(found[-1].row, flush=True)
        if keep and found[-1].rule:
            _keep(found[-1])
    print(f"{len(faults)} faults in {time.process_time() - started:.0f} s", file=sys.stderr)
    return found


def _missing(found: Sequence[Found]) -> int:
    missing = [each.fault.name for each in found if not each.rule]
    if missing:
        print(f"Not found: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


def _seeds(fault: Fault) -> Iterator[int]:
    """The seed that showed it last, then those in the fault's weather."""
    last = _first_seeds().get(fault.name)
    if last is not None:
        yield last
    for seed in count(1):
        if seed != last and fault.weather in (None, weather_of(seed)):
            yield seed


def _first_seeds() -> dict[str, int]:
    seeds: dict[str, int] = json.loads(FIRST_SEEDS.read_text())
    return seeds


def _keep(found: Found) -> None:
    kept = {**_first_seeds(), found.fault.name: found.seed}
    ordered = {fault.name: kept[fault.name] for fault in FAULTS if fault.name in kept}
    FIRST_SEEDS.write_text(json.dumps(ordered, indent=2) + "\n")


def _broken_rules(seed: int, hours: float) -> list[str]:
    broken = play(seed, hours, known=known.RULES).broken
    return [each.rule for each in broken if each.rule not in known.RULES]
