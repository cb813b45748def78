"""One seed from beginning to end."""

import gc
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from tests.simulation import jiras_people, people, trouble
from tests.simulation.auditor.memory import Broken
from tests.simulation.script import BUSY, HOUR, PERIOD, Event, customers_of, script
from tests.simulation.world import World, new_world

SETTLED = 0.5 * HOUR


@dataclass(frozen=True)
class Outcome:
    """What came of a run. `broken` is what no list of known faults explains."""

    seed: int
    hours: float
    events: list[Event]
    history: list[str]
    broken: list[Broken]
    requests: int

    @property
    def text(self) -> str:
        return "\n".join(self.history) + "\n"

    def broken_at(self, rule: str) -> float:
        """When the rule was first broken."""
        return next(each.at for each in self.broken if each.rule == rule)


def play(
    seed: int,
    hours: float = 24.0,
    only: Collection[int] | None = None,
    known: Collection[str] = (),
) -> Outcome:
    """Live through it until a rule is broken that is not `known`.

    only: the numbers of the events that happen; None for all of the seed's.
    """
    events = [e for e in script(seed, hours) if only is None or e.number in only]
    gc.disable()
    try:
        return _lived(seed, hours, events, known)
    finally:
        gc.enable()
        gc.collect()  # of this world alone: what outlives a run is not looked at again
        gc.freeze()


def _lived(seed: int, hours: float, events: list[Event], known: Collection[str]) -> Outcome:
    with new_world(str(seed), customers=customers_of(seed), webhooks=True) as world:
        world.act_soon = partial(people.hurry, world)
        for period in range(max(1, round(hours * HOUR / PERIOD))):
            if not _live(world, period * PERIOD, events, known):
                break
        return Outcome(
            seed, hours, events, world.history, list(world.broken), len(world.auditor.requests)
        )


def _live(world: World, begins: float, events: list[Event], known: Collection[str]) -> bool:
    """One period. False when something new was found."""
    for event in events:
        if begins <= event.at < begins + PERIOD:
            world.scheduler.run_until(event.at)
            if _found(world, known):
                return False
            _happen(world, event)
    _until(world, begins + BUSY + 60)
    trouble.heal(world)
    _until(world, begins + BUSY + SETTLED)
    world.auditor.after_outage()
    _bring_home(world, int(begins))
    _until(world, begins + BUSY + SETTLED + 600)
    _bring_home(world, int(begins) + 10)  # a dead grant shows when it is asked for something
    _until(world, begins + PERIOD - 1)
    world.auditor.look()
    world.auditor.in_the_end()
    return not _found(world, known)


def _until(world: World, moment: float) -> None:
    world.scheduler.run_until(moment)
    world.auditor.memory.now = world.scheduler.now


def _happen(world: World, event: Event) -> None:
    world.auditor.memory.now = world.scheduler.now
    if event.who == "people":
        people.act(world, event.number, event.kind)
    elif event.who == "jira":
        jiras_people.act(world, event.number, event.kind)
    else:
        trouble.befall(world, event.number, event.kind)


def _bring_home(world: World, number: int) -> None:
    """What an attentive admin does once all is well: pay, connect, switch on, retry."""
    for customer in sorted(world.auditor.memory.customers):
        people.act(world, number + 900_000 + customer, "set_right", customer)


def _found(world: World, known: Collection[str]) -> bool:
    new = [each for each in world.broken if each.rule not in known]
    for each in new:
        world.history.append(str(each))
    return bool(new)
