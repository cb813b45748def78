"""Who runs next: actors with a stack each, in one thread, on one clock that only waiting moves.

An actor gives way by `pause`, `park` or `breathe`; it never does inside a transaction. What dies or
freezes is a process, with all of its actors: a killed one runs no line of ours any more but the
`finally` blocks that Python owes it, and those find every door closed.
"""

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]

MOST_STEPS_AT_ONCE = 20_000


class Killed(BaseException):
    """Raised in the actors of a process that is no more, and by every door that they touch."""


class Stuck(Exception):
    """So many steps without time passing: somebody waits for nothing."""


@dataclass(eq=False)
class Process:
    """What dies and freezes as one.

    life: after so many statements and switches it is killed. about: the connection that it is for.
    refused: the database would not have a statement of it.
    """

    name: str
    life: int | None = None
    about: int | None = None
    nap: float | None = None
    nap_after: int = 0
    dead: bool = False
    refused: bool = False
    asleep_until: float = float("-inf")
    actors: list["Actor"] = field(default_factory=list)

    def age(self) -> None:
        """One statement or switch more. Raises `Killed` when it was the last, or long ago."""
        if self.life is not None:
            self.life -= 1
            self.dead = self.dead or self.life <= 0
        if self.dead:
            raise Killed

    def die(self) -> NoReturn:
        """Die here and now."""
        self.dead = True
        raise Killed


class Actor:
    """One stack. `in_transaction` and `committed` are kept by the database's listeners."""

    def __init__(
        self, name: str, process: Process, work: Callable[[], object], hub: greenlet
    ) -> None:
        self.name = name
        self.process = process
        self.in_transaction = False
        self.committed = False
        self.when_committed: Callable[[], None] | None = None
        self.error: Exception | None = None
        self.ticket = 0
        self._work = work
        self.stack = greenlet(self._run, hub)
        process.actors.append(self)

    @property
    def over(self) -> bool:
        return bool(self.stack.dead)

    def _run(self) -> None:
        try:
            self._work()
        except Killed:
            pass
        except Exception as error:  # told of by whoever started the actor
            self.error = error


class Scheduler:
    """Runs whoever is due first. `now` is in seconds since the simulation began."""

    def __init__(self, dice: random.Random) -> None:
        self.now = 0.0
        self.current: Actor | None = None
        self.when_over: Callable[[Actor], None] = lambda actor: None
        self.when_killed: Callable[[Process], None] = lambda process: None
        self._dice = dice
        self._hub = getcurrent()
        self._due: list[tuple[float, int, int, Actor]] = []
        self._order = itertools.count()

    def start(self, name: str, process: Process, work: Callable[[], object], after: float) -> Actor:
        """Have a new actor begin in so many seconds."""
        actor = Actor(name, process, work, self._hub)
        self.wake(actor, after)
        return actor

    def wake(self, actor: Actor, after: float = 0.0) -> None:
        """Let an actor go on in so many seconds; what woke it first, counts."""
        heapq.heappush(self._due, (self.now + after, next(self._order), actor.ticket, actor))

    def pause(self, seconds: float) -> None:
        """Come back after so many seconds."""
        actor = self.current
        if actor is None:
            self.now += seconds
            return
        self.wake(actor, seconds)
        self.park()

    def park(self) -> None:
        """Come back when somebody wakes this actor."""
        actor = self.current
        assert actor is not None
        assert not actor.in_transaction, "somebody waits inside a transaction"
        if not actor.process.dead:
            self._hub.switch()
        if actor.process.dead:
            raise Killed

    def breathe(self) -> None:
        """A place where others may run, where this process may be killed, and may freeze."""
        actor = self.current
        if actor is None:
            return
        process = actor.process
        process.age()
        if process.nap is not None:
            process.nap_after -= 1
            if process.nap_after <= 0:
                process.asleep_until, process.nap = self.now + process.nap, None
        self.pause(self._dice.random() * 0.02)

    def run_until(self, end: float) -> None:
        """Let everybody act up to that moment."""
        at, steps = self.now, 0
        while self._due and self._due[0][0] <= end:
            time, _, ticket, actor = heapq.heappop(self._due)
            if ticket != actor.ticket or actor.over or actor.process.dead:
                continue
            if actor.process.asleep_until > time:
                entry = (actor.process.asleep_until, next(self._order), ticket, actor)
                heapq.heappush(self._due, entry)
                continue
            self.now = max(self.now, time)
            steps = steps + 1 if self.now == at else 0
            at = self.now
            if steps > MOST_STEPS_AT_ONCE:
                raise Stuck(actor.name)
            self._resume(actor)
        self.now = max(self.now, end)

    def next_at(self) -> float | None:
        """When somebody acts next."""
        return self._due[0][0] if self._due else None

    def everybody(self) -> set[Actor]:
        """Whoever still has something to do."""
        found = {entry[3] for entry in self._due}
        with_others = {each for actor in found for each in actor.process.actors}
        return {actor for actor in found | with_others if not actor.over}

    def kill(self, process: Process) -> None:
        """End a process from outside, now."""
        process.dead = True
        self._bury(process)

    def _resume(self, actor: Actor) -> None:
        actor.ticket += 1
        self.current = actor
        actor.stack.switch()
        self.current = None
        if actor.process.dead:
            self._bury(actor.process)
        elif actor.over:
            actor.process.actors.remove(actor)
            self.when_over(actor)

    def _bury(self, process: Process) -> None:
        """Unwind what is left of its stacks, at once and with every door closed."""
        for actor in process.actors:
            if actor.stack:  # it has begun and is not over
                self.current = actor
                actor.stack.throw(Killed)
                self.current = None
        process.actors.clear()
        self.when_killed(process)
