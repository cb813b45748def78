"""Our side of the world: the app, built once, and for each run its bells, workers and ticker."""

import os
import random
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Any

from flask import Flask
from redis.exceptions import RedisError
from sqlalchemy import DateTime
from sqlalchemy.orm import configure_mappers

from app import create_app, queue
from app.extensions import db
from jobs import ticker
from tests.simulation.database import Listening, Memory
from tests.simulation.doors import OurClock
from tests.simulation.dry_ticks import Statement, Tick
from tests.simulation.postgresql import Server
from tests.simulation.scheduler import Killed, Process, Scheduler
from tests.support import settings

JIRA = "https://jira.invalid"
ON_POSTGRESQL = os.environ.get("SIMULATION_DATABASE") == "postgresql"
URGENT = ("interactive", "sync")
# The ticker sees by itself what has no moment in a row, once in so many seconds.
IDLE_TICK = 3600.0
# A tick that found nothing tells for so long whether another one would.
DRY = 6 * 3600.0
# What ends then is noticed by whoever needs it.
NOBODYS_MOMENTS = {"access_expires_at", "due_since"}
# Whether an outage is over is looked at a minute after it began, which no row says.
LOOKED_AT_AFTER = {"outage_since": 61}  # seconds
LONGEST_BACKOFF = 60.0
# What is kept for days elsewhere, so that a run of half a day sees it end.
KEPT = timedelta(hours=8)


class Built:
    """The app and what stays the same from run to run."""

    def __init__(self) -> None:
        self.database: Memory | Server = Server() if ON_POSTGRESQL else Memory()
        wanted = settings.build(database_url=self.database.url, jira_url=JIRA)
        wanted["SQLALCHEMY_ENGINE_OPTIONS"] = self.database.options
        wanted["RATELIMIT_STORAGE_URI"] = "memory://"
        wanted["SYNC_ATTEMPT_DAYS"] = KEPT / timedelta(days=1)
        self.app: Flask = create_app(wanted)
        configure_mappers()
        with self.app.app_context():
            self.listening = Listening(db.engine)
            self.moments = _moments()


@cache
def built() -> Built:
    """Made when first asked for: migrating takes a second."""
    return Built()


def _moments() -> str:
    """A query for the next moment that any row names, whatever it is for."""
    each = [
        f"SELECT min({moment}) AS at FROM {table.name} WHERE {moment} > :now"  # noqa: S608
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(getattr(column.type, "impl", column.type), DateTime)
        and column.name not in NOBODYS_MOMENTS
        for moment in (_moment_in(column.name),)
    ]
    return f"SELECT min(at) FROM ({' UNION ALL '.join(each)}) AS moments"  # noqa: S608


def _moment_in(column: str) -> str:
    seconds = LOOKED_AT_AFTER.get(column)
    if seconds is None:
        return column
    if ON_POSTGRESQL:
        return f"{column} + interval '{seconds} seconds'"
    return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '+{seconds} seconds')"


class Pipeline:
    """Commands that are sent at once. A count never ends here: its name says which minute it is."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._commands: list[Callable[[], int]] = []

    def __enter__(self) -> "Pipeline":
        return self

    def __exit__(self, *_: object) -> None: ...

    def incrby(self, name: str, many: int) -> None:
        self._commands.append(lambda: self._redis.count(name, many))

    def expire(self, name: str, seconds: int) -> None:
        self._commands.append(lambda: 1)

    def set(self, name: str, value: object, nx: bool, ex: float) -> None:
        self._commands.append(lambda: self._redis.set(name, value, nx, ex))

    def execute(self) -> list[int]:
        return [command() for command in self._commands]


class Redis:
    """As much of Redis as bells and a count of deliveries need. May be emptied, and may be away."""

    def __init__(self, scheduler: Scheduler, workers: "Workers") -> None:
        self.away = False
        self.rings = 0
        self.asked = 0
        self._scheduler = scheduler
        self._workers = workers
        self._bells: dict[str, float] = {}
        self._counts: dict[str, int] = {}

    def set(self, name: str, value: object, nx: bool, ex: float) -> bool:
        self._reach()
        if self._bells.get(name, 0.0) > self._scheduler.now:
            return False
        self._bells[name] = self._scheduler.now + ex
        self.rings += 1
        return True

    def expire(self, name: str, seconds: float) -> None:
        self._reach()
        if name in self._bells:
            self._bells[name] = self._scheduler.now + seconds

    def delete(self, name: str) -> None:
        self._reach()
        self._bells.pop(name, None)

    def pipeline(self, transaction: bool) -> "Pipeline":
        return Pipeline(self)

    def count(self, name: str, many: int) -> int:
        self._reach()
        self._counts[name] = self._counts.get(name, 0) + many
        return self._counts[name]

    def enqueue(self, job: str, connection_id: int, **_: Any) -> None:
        self._reach()
        self._workers.enqueue(job, connection_id)

    def in_line(self) -> int:
        """How many jobs wait."""
        self._reach()
        return len(self._workers.waiting)

    def empty(self) -> None:
        self._bells.clear()
        self._counts.clear()
        self._workers.waiting.clear()

    def _reach(self) -> None:
        self.asked += 1
        actor = self._scheduler.current
        if actor is not None and actor.process.dead:
            raise Killed
        if self.away:
            raise RedisError("simulated: away")


class Workers:
    """So many at once; each job runs in a process of its own, as RQ's workers have it."""

    def __init__(self, scheduler: Scheduler, app: Flask, dice: random.Random, count: int) -> None:
        self.waiting: deque[tuple[str, int]] = deque()
        self.fates: deque[dict[str, Any]] = deque()
        self._scheduler = scheduler
        self._app = app
        self._dice = dice
        self._idle = count
        self._number = 0

    def enqueue(self, job: str, connection_id: int) -> None:
        self.waiting.append((job, connection_id))
        self.take()

    def take(self) -> None:
        """Give idle workers what waits, the most urgent first."""
        while self._idle and self.waiting:
            self._idle -= 1
            job, connection_id = min(self.waiting, key=lambda each: URGENT.index(_queue(each[0])))
            self.waiting.remove((job, connection_id))
            self._number += 1
            name = f"{job.split('.')[1]}#{self._number}"
            fate = self.fates.popleft() if self.fates else {}
            about = connection_id if job != queue.SEND_MAIL else None
            process = Process(name, about=about, **fate)
            after = 0.01 + self._dice.random() * 0.05
            self._scheduler.start(name, process, self._work(job, connection_id), after)

    def ended(self) -> None:
        """A worker is free again."""
        self._idle += 1
        self.take()

    def _work(self, job: str, connection_id: int) -> Callable[[], None]:
        run = import_module(job.rpartition(".")[0]).run

        def work() -> None:
            with self._app.app_context():
                run(connection_id)

        return work


def _queue(job: str) -> str:
    return queue.QUEUES[job]


class Ticker:
    """Ticks when the next moment that any row names has come, and when it is told to look.

    That is as if it ticked each second: between two such moments a tick finds nothing to do. Where
    it would find nothing at such a moment either, the tick is left out (dry_ticks.py).
    """

    def __init__(
        self, scheduler: Scheduler, clock: OurClock, redis: Redis, dice: random.Random
    ) -> None:
        self.ticks = 0
        self._clock = clock
        self._scheduler = scheduler
        self._redis = redis
        self._dice = dice
        self._built = built()
        self._idle: Tick | None = None
        self._actor = scheduler.start("ticker", Process("ticker"), self._run, 0.0)

    def look(self) -> None:
        """Rows have changed: be there when the next of their moments comes."""
        self._scheduler.wake(self._actor, self._next(self._ours))

    def look_soon(self) -> None:
        """A bell may have been lost."""
        self._scheduler.wake(self._actor, self._dice.random())

    def _run(self) -> None:
        went_well, backoff = True, 1.0
        while True:
            if went_well and self._nothing_to_find():
                backoff, pause = 1.0, IDLE_TICK
            else:
                rings = self._redis.rings
                went_well = self._tick(in_outage=not went_well)
                busy = self._redis.rings > rings or not went_well
                backoff = min(backoff * 2, LONGEST_BACKOFF) if busy else 1.0
                pause = backoff if busy else IDLE_TICK
            self._scheduler.pause(min(pause, self._next(self._ours)))

    def _tick(self, in_outage: bool) -> bool:
        """A tick of the product; what it asked is kept for dry ones, if it found nothing."""
        self.ticks += 1
        database, listening, began = self._built.database, self._built.listening, self._ours
        changes, asked = database.changes, self._redis.asked
        noted: list[Statement] = []
        listening.noted = noted
        went_well = ticker.tick(self._built.app, in_outage)
        listening.noted = None
        found = database.changes > changes or self._redis.asked > asked
        idle = went_well and not in_outage and not found
        if idle:
            self._idle = database.remember_tick(noted, began)
        return went_well

    def _nothing_to_find(self) -> bool:
        """Whether a tick would do nothing; where that cannot be known, it has to tick."""
        tick, now = self._idle, self._ours
        if tick is None or not 0 <= now - tick.now < DRY:
            return False
        return self._built.database.finds_nothing(tick, now)

    @property
    def _ours(self) -> float:
        return self._scheduler.now + self._clock.ahead

    def _next(self, ours: float) -> float:
        at = self._built.database.next_moment(self._built.moments, ours)
        return IDLE_TICK if at is None else at - ours + self._dice.random()
