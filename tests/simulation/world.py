"""One run's world: everything that is made anew for a seed, and put together."""

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from app import queue
from app.extensions import db
from app.jira import transport
from app.services.inbound import pending
from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.machine import Machine
from demo.jira_cloud.state.world import REDIRECT_URI, Settings
from tests.simulation import doors, founding
from tests.simulation.auditor.auditor import Auditor
from tests.simulation.auditor.memory import Broken
from tests.simulation.installation import JIRA, KEPT, Built, Redis, Ticker, Workers, built
from tests.simulation.network import Exchange, InProcess, Network
from tests.simulation.post_office import PostOffice
from tests.simulation.scheduler import Actor, Process, Scheduler
from tests.support import settings

WORKERS = 2
# Above the numbers of a script's events.
HASTE_NUMBERS = 500_000


@dataclass
class Haste:
    """Somebody who acts on an item just when a write for it leaves, or gets no answer."""

    kind: str
    moment: str
    within: float
    times: int


@dataclass
class World:
    """What actions and troubles act upon."""

    seed: str
    built: Built
    scheduler: Scheduler
    clock: doors.OurClock
    cloud: Cloud
    network: Network
    redis: Redis
    workers: Workers
    ticker: Ticker
    auditor: Auditor
    post_office: PostOffice
    history: list[str] = field(default_factory=list)
    # So many of the next statements the database refuses.
    statements_busy: int = 0
    haste: list[Haste] = field(default_factory=list)
    # What somebody does, by number and kind, to which action item, in so many seconds.
    act_soon: Callable[[int, str, str, float], None] = lambda number, kind, about, after: None
    # The action item that somebody touched last.
    touched: str = ""
    # The key of the issue in Jira that several want for action items of theirs.
    wanted_by_several: str = ""
    hurried: int = 0

    def dice(self, purpose: str) -> random.Random:
        """Dice of their own for each purpose: what one rolls changes nothing for another."""
        return random.Random(f"{self.seed} {purpose}")

    @property
    def broken(self) -> list[Broken]:
        return self.auditor.broken

    def tell(self, who: str, what: str) -> None:
        """Write a line of history."""
        self.history.append(f"{self.scheduler.now:12.3f} {who:<22} {what}")

    def in_web(self, name: str, work: Callable[[], None], after: float = 0.0) -> Actor:
        """Run what a person's request does, in a process of its own."""

        def request() -> None:
            with self.built.app.app_context():
                try:
                    work()
                finally:
                    db.session.remove()

        return self.scheduler.start(name, Process(name), request, after)


@contextmanager
def new_world(seed: str, *, customers: int, webhooks: bool) -> Iterator[World]:
    """Connected organizations at the first second."""
    made = built()
    made.database.begin_anew()
    scheduler = Scheduler(random.Random(f"{seed} scheduler"))
    with doors.through(scheduler, seed) as clock, _silence(), ExitStack() as replaced:
        cloud = _cloud(scheduler, seed)
        network = Network(scheduler, cloud, random.Random(f"{seed} network"))
        workers = Workers(scheduler, made.app, random.Random(f"{seed} workers"), WORKERS)
        redis = Redis(scheduler, workers)
        ticker = Ticker(scheduler, clock, redis, random.Random(f"{seed} ticker"))
        auditor = Auditor(made.database.rows, doors.BEGINNING)
        post_office = PostOffice(scheduler, cloud, network, made.app)
        world = World(
            seed,
            made,
            scheduler,
            clock,
            cloud,
            network,
            redis,
            workers,
            ticker,
            auditor,
            post_office,
        )
        _bind(world)
        for target, name, by in _replacements(world):
            replaced.enter_context(mock.patch.object(target, name, by))
        try:
            with made.app.app_context():
                for name in list(founding.CUSTOMERS)[:customers]:
                    _settle_in(world, name, webhooks=webhooks)
            yield world
        finally:
            _unbind(world)


def _settle_in(world: World, name: str, *, webhooks: bool) -> None:
    organization = founding.found(name, founding.CUSTOMERS[name], webhooks=webhooks)
    number = organization.id
    founding.consent(number, world.cloud.control, "unpack@acme.test", "acme-eng", JIRA)
    db.session.commit()
    assert organization.connection is not None
    world.auditor.founded(number, organization.connection.id)
    db.session.commit()


def _cloud(scheduler: Scheduler, seed: str) -> Cloud:
    machine = Machine(
        doors.JirasClock(scheduler),
        doors.JirasNames(random.Random(f"{seed} names")),
        random.Random(f"{seed} jira"),
    )
    wanted = Settings(JIRA, settings.CLIENT_ID, settings.CLIENT_SECRET, (REDIRECT_URI,))
    return Cloud(wanted, machine=machine)


class _Queue:
    """As much of RQ's queue as `app.queue` uses."""

    def __init__(self, redis: Redis) -> None:
        self.enqueue = redis.enqueue
        self._redis = redis

    def __len__(self) -> int:
        return self._redis.in_line()


def _replacements(world: World) -> list[tuple[object, str, object]]:
    """What of the product is another thing for as long as the world lasts."""
    return [
        (queue, "_queue", lambda job: _Queue(world.redis)),
        (transport, "DeadlineAdapter", InProcess),
        (pending, "KEPT", KEPT),
    ]


@contextmanager
def _silence() -> Iterator[None]:
    """Trouble is what a run is made of: the product's log would tell of little else."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _bind(world: World) -> None:
    world.built.app.extensions["redis"] = world.redis
    InProcess.network = world.network
    world.built.listening.scheduler = world.scheduler
    world.built.listening.busy = lambda: _busy(world)
    world.network.watch = lambda moment, exchange: _watch(world, moment, exchange)
    world.cloud.world.events.append(lambda event: _heard(world, event))
    world.scheduler.when_over = lambda actor: _over(world, actor)
    world.scheduler.when_killed = lambda process: _killed(world, process)


def _unbind(world: World) -> None:
    world.built.listening.scheduler = None
    world.scheduler.when_killed = lambda process: None
    for process in {actor.process for actor in world.scheduler.everybody()}:
        world.scheduler.kill(process)
    world.cloud.close()


def _busy(world: World) -> bool:
    world.statements_busy -= world.statements_busy > 0
    if world.statements_busy > 0:
        world.auditor.memory.disturbed_at = world.scheduler.now
        if (actor := world.scheduler.current) is not None:
            actor.process.refused = True
    return world.statements_busy > 0


def _watch(world: World, moment: str, exchange: Exchange) -> None:
    world.auditor.memory.now = world.scheduler.now
    world.auditor.request(moment, exchange)
    path = exchange.path.partition("/rest/api/3")[2] or exchange.path
    heard = exchange.heard if moment == "answered" else ""
    world.tell(exchange.process.name, f"{moment} {exchange.method} {path} {heard}")
    _hurry(world, moment, exchange)


def _hurry(world: World, moment: str, exchange: Exchange) -> None:
    """Have whoever waited for this moment act upon the item that it is about."""
    fitting = [each for each in world.haste if each.moment == moment and each.times]
    if not fitting or exchange.operation not in {"create", "edit"}:
        return
    item = world.auditor.first_concerned(exchange)
    if item is None:
        return
    number = world.hurried = world.hurried + 1
    fitting[0].times -= 1
    after = world.dice(f"haste {number}").random() * fitting[0].within
    world.act_soon(HASTE_NUMBERS + number, fitting[0].kind, item, after)


def _heard(world: World, event: dict[str, Any]) -> None:
    world.auditor.memory.now = world.scheduler.now
    world.auditor.jiras_event(event)
    world.tell("jira", f"{event['kind']} {event['issue']['key']} by {event['actor'][:6]}")
    world.post_office.look()


def _over(world: World, actor: Actor) -> None:
    if actor.error is not None:
        what = f"{type(actor.error).__name__}: {actor.error}"[:300]
        world.tell(actor.name, f"failed with {what}")
        if "simulated: busy" not in what:
            world.auditor.crashed(f"{actor.name}: {what}")
    if "#" in actor.name and not actor.name.endswith("·"):
        world.tell(actor.name, "ends")
        world.workers.ended()
    if actor.name.startswith("sync_connection"):
        world.auditor.look()
    world.ticker.look()


def _killed(world: World, process: Process) -> None:
    world.tell(process.name, "was killed")
    world.auditor.died(process)
    if "#" in process.name:
        world.workers.ended()
    world.ticker.look_soon()
