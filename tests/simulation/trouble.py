"""What befalls the network, Jira, and our own machines. `heal` ends all of it."""

import random
from collections.abc import Callable

from tests.simulation import subjects
from tests.simulation.network import Trouble
from tests.simulation.script import more_in, weather_of
from tests.simulation.world import Haste, World

ANSWERS = dict.fromkeys(("lost before", "lost after", "5xx", "5xx after", "429", "html",
                         "truncated", "slow", "unreachable"), 1.0)  # fmt: skip
# What people do just when something is under way.
HASTE: dict[str, float] = {
    "edit": 8, "sync": 3, "unlink": 1, "delete": 1, "complete": 1, "disconnect": 2, "downgrade": 2,
    "retry_all": 2,
}  # fmt: skip
MOMENTS: dict[str, float] = {"leaves": 2, "unanswered": 1}
OPERATIONS = {
    "create": 2.0, "edit": 1, "read": 1, "search": 1, "token": 1, "webhook": 1, "ask": 1, "*": 1,
}  # fmt: skip


def befall(world: World, number: int, kind: str) -> None:
    """Let it begin now."""
    KINDS[kind](world, world.dice(f"event {number}"))


def heal(world: World) -> None:
    """Everything is as it should be; what was lost stays lost."""
    world.network.troubles.clear()
    world.network.receiver_away = False
    world.cloud.control.calm()
    world.cloud.control.set(shuffle_bulk=True, search_lag=2.0)
    world.redis.away = False
    world.workers.fates.clear()
    if world.clock.ahead:  # setting it right is a jump, too
        world.clock.ahead, world.auditor.memory.disturbed_at = 0.0, world.scheduler.now
    world.auditor.memory.clock_is_wrong = False
    world.auditor.demanded.clear()
    world.statements_busy = 0
    world.haste = []
    world.ticker.look_soon()
    world.tell("world", "heals")


def _one_of(weights: dict[str, float], world: World, dice: random.Random) -> str:
    """One of these, as the weather has it."""
    more = more_in(weather_of(int(world.seed)))
    return dice.choices(list(weights), [weights[each] * more.get(each, 1.0) for each in weights])[0]


def _answers(world: World, dice: random.Random) -> None:
    kind, operation = _one_of(ANSWERS, world, dice), _one_of(OPERATIONS, world, dice)
    seconds = dice.choice([5.0, 25.0, 40.0]) if kind == "slow" else dice.choice([1.0, 30.0, 120.0])
    times = dice.choice([1, 1, 2, 5])
    if kind == "slow":
        seconds = dice.choice([3.0, 15.0, 21.0, 26.0])
    world.network.troubles.append(Trouble(kind, operation, times, seconds))
    world.tell("network", f"the next {times} of {operation}: {kind} {seconds:.0f}")


def _outage(world: World, dice: random.Random) -> None:
    minutes = dice.choice([1, 5, 10, 25, 60])
    until = world.scheduler.now + minutes * 60
    kind = dice.choice(["5xx", "unreachable", "lost before", "lost after"])
    world.network.troubles.append(Trouble(kind, "*", 10**9, 0.0, until))
    world.tell("network", f"for {minutes} minutes: {kind}")


def _index(world: World, dice: random.Random) -> None:
    # What is promised: two looks 30 s apart, the first 15 s after the request (design.md §3.4).
    lag, gap = dice.choice([(0.0, 0.0), (5.0, 0.0), (20.0, 0.0), (28.0, 0.0), (1.0, 20.0)])
    world.cloud.control.set(search_lag=lag, search_gap=gap)
    world.tell("jira", f"searches {lag:.0f} s behind, forgetting each issue for {gap:.0f} s")


def _webhooks(world: World, dice: random.Random) -> None:
    mode = dice.choice(["drop", "duplicate", "reorder", "deliver"])
    world.cloud.control.webhook_mode(mode)
    world.tell("jira", f"webhooks: {mode}")


def _receiver(world: World, dice: random.Random) -> None:
    world.network.receiver_away = not world.network.receiver_away
    world.tell("network", f"webhooks reach us: {not world.network.receiver_away}")


def _kill(world: World, dice: random.Random) -> None:
    life = 1 + int(dice.random() ** 2 * 120)
    world.workers.fates.append({"life": life})
    world.tell("machines", f"the next job dies after {life} steps")


def _kill_many(world: World, dice: random.Random) -> None:
    lives = [1 + int(dice.random() ** 2 * 120) for _ in range(4)]
    world.workers.fates.extend({"life": life} for life in lives)
    world.tell("machines", f"the next jobs die after {lives} steps")


def _freeze(world: World, dice: random.Random) -> None:
    seconds, after = dice.choice([20.0, 70.0, 150.0]), dice.randrange(1, 25)
    world.workers.fates.append({"nap": seconds, "nap_after": after})
    world.tell("machines", f"the next job freezes for {seconds:.0f} s after {after} switches")


def _dies(world: World, dice: random.Random) -> None:
    kind = dice.choice(["dies before", "dies after", "dies after"])
    operation = dice.choice(["create", "create", "edit", "token", "webhook"])
    world.network.troubles.append(Trouble(kind, operation, dice.choice([1, 1, 2])))
    world.tell("machines", f"whoever sends the next {operation} {kind} it took effect")


def _haste(world: World, dice: random.Random) -> None:
    own = subjects.of_name(weather_of(int(world.seed)))
    kinds = {**HASTE, **(own.haste if own else {})}
    kind, moment = _one_of(kinds, world, dice), _one_of(MOMENTS, world, dice)
    within = dice.choice([0.5, 0.5, 3.0]) if moment == "leaves" else 20.0
    world.haste = [*world.haste, Haste(kind, moment, within, dice.choice([1, 2, 5]))]
    world.tell("people", f"somebody is about to {kind} when a write {moment}")


def _empty_redis(world: World, dice: random.Random) -> None:
    world.redis.empty()
    world.ticker.look_soon()
    world.tell("machines", "Redis is emptied")


def _redis_away(world: World, dice: random.Random) -> None:
    world.redis.away = not world.redis.away
    world.ticker.look_soon()
    world.tell("machines", f"Redis is away: {world.redis.away}")


def _busy(world: World, dice: random.Random) -> None:
    world.statements_busy = dice.choice([1, 1, 3, 10])
    world.tell("machines", f"the database refuses {world.statements_busy} statements")


def _clock(world: World, dice: random.Random) -> None:
    world.clock.ahead = dice.choice([-30.0, -5.0, 5.0, 30.0])
    world.auditor.memory.disturbed_at = world.scheduler.now
    world.auditor.memory.clock_is_wrong = True
    world.ticker.look_soon()
    world.tell("machines", f"our clock jumps to {world.clock.ahead:+.0f} s")


def _expire(world: World, dice: random.Random) -> None:
    world.cloud.control.expire_access_tokens()
    world.tell("jira", "ends every access token")


def _revoke(world: World, dice: random.Random) -> None:
    world.cloud.control.revoke()
    world.tell("jira", "revokes the grant")


KINDS: dict[str, Callable[[World, random.Random], None]] = {
    "answers": _answers,
    "outage": _outage,
    "index": _index,
    "webhooks": _webhooks,
    "receiver": _receiver,
    "kill": _kill,
    "kill many": _kill_many,
    "dies": _dies,
    "freeze": _freeze,
    "haste": _haste,
    "empty redis": _empty_redis,
    "redis away": _redis_away,
    "busy": _busy,
    "clock": _clock,
    "expire": _expire,
    "revoke": _revoke,
}
