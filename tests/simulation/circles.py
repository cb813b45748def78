"""The two smallest circles, walked by Hypothesis: a link's life, and the grant with its leases.

A seed decides all of a day before it begins; here each next step is chosen, and what breaks a rule
is shrunk to the fewest steps. The world is the simulator's, and so is the judge.
"""

from contextlib import ExitStack
from functools import partial
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from app.queue import SYNC_CONNECTION
from tests.simulation import jiras_people, people, trouble
from tests.simulation.network import Trouble
from tests.simulation.script import HOUR
from tests.simulation.world import World, new_world

STEPS = 14
# Long enough for a step to take effect, and too short for what it made due.
A_MOMENT = 1.0
# The pauses of retries and probes, an edit's, a lease's, a webhook's look, and a token's life.
SOME_TIME = some.sampled_from([3.0, 11.0, 45.0, 100.0, 400.0, 0.6 * HOUR, 1.1 * HOUR])
SOON = some.sampled_from([0.0, 6.0, 20.0])
ANSWERS = some.sampled_from(["lost before", "lost after", "5xx", "5xx after", "429", "truncated"])


class RuleBroken(AssertionError):
    """What the auditor found, with the history that led to it."""


class Circle(RuleBasedStateMachine):
    """A connected organization that has just committed an action item."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self._ends = ExitStack()
        self._number = 0

    @initialize(seed=some.integers(0, 9))
    def begin(self, seed: int) -> None:
        """How long each request takes, and which words people use."""
        self.world = self._ends.enter_context(new_world(str(seed), customers=1, webhooks=False))
        self.world.act_soon = partial(people.hurry, self.world)
        self.somebody("commit_one")

    @rule(seconds=SOME_TIME)
    def time_passes(self, seconds: float) -> None:
        self.wait(seconds)

    @rule(life=some.integers(1, 40))
    def the_next_job_dies(self, life: int) -> None:
        self.world.workers.fates.append({"life": life})

    @rule(seconds=some.sampled_from([20.0, 70.0]), after=some.integers(1, 20))
    def the_next_job_freezes(self, seconds: float, after: int) -> None:
        self.world.workers.fates.append({"nap": seconds, "nap_after": after})

    @invariant()
    def nothing_is_broken(self) -> None:
        """By what the auditor hears, sees and reads."""
        if not hasattr(self, "world"):
            return
        auditor = self.world.auditor
        auditor.look()
        if auditor.broken:
            found = [str(each) for each in auditor.broken]
            raise RuleBroken("\n".join([*self.world.history[-60:], *found]))

    def teardown(self) -> None:
        """Whatever has happened: once all is well, everything comes true."""
        with self._ends:
            if hasattr(self, "world") and not self.world.auditor.broken:
                self._come_home()

    def _come_home(self) -> None:
        trouble.heal(self.world)
        self.wait(0.5 * HOUR)
        self.world.auditor.after_outage()
        for _ in range(2):  # a dead grant shows when it is asked for something
            self.somebody("set_right")
            self.wait(1.2 * HOUR)
        self.world.auditor.in_the_end()
        self.nothing_is_broken()

    def somebody(self, kind: str) -> None:
        """Have somebody do it, and let it take effect."""
        self._number += 1
        people.act(self.world, self._number, kind)
        self.wait(A_MOMENT)

    def wait(self, seconds: float) -> None:
        self.world.scheduler.run_until(self.world.scheduler.now + seconds)
        self.world.auditor.memory.now = self.world.scheduler.now

    def answers(self, kind: str, operation: str, times: int) -> None:
        """What becomes of the next requests of an operation."""
        self.world.network.troubles.append(Trouble(kind, operation, times, 30.0))


class LinkLife(Circle):
    """From waiting to synced, in error, deleted and unlinked, by all ways between."""

    @rule(
        kind=some.sampled_from(
            ["commit_one", "commit_one", "commit_again", "edit", "edit", "edit", "sync", "unlink"]
            + ["delete", "complete", "create_again", "retry_all"]
        ),
        then=SOON,
    )
    def a_person_acts(self, kind: str, then: float) -> None:
        self.somebody(kind)
        self.wait(then)

    @rule(
        kind=ANSWERS,
        operation=some.sampled_from(["create", "create", "edit", "search", "read"]),
        times=some.sampled_from([1, 1, 3]),
    )
    def jira_answers_badly(self, kind: str, operation: str, times: int) -> None:
        self.answers(kind, operation, times)

    @rule(when=some.sampled_from(["dies before", "dies after"]))
    def whoever_creates_next_dies(self, when: str) -> None:
        self.answers(when, "create", 1)

    @rule()
    def jira_erases_an_issue(self) -> None:
        self._number += 1
        self.world.auditor.memory.now = self.world.scheduler.now
        jiras_people.act(self.world, self._number, "erase")


class GrantAndLeases(Circle):
    """Tokens that end, are renewed, refused and revoked, while workers die, freeze and compete."""

    @rule(
        kind=some.sampled_from(["edit", "edit", "reconnect", "disconnect", "downgrade"]),
        then=SOON,
    )
    def a_person_acts(self, kind: str, then: float) -> None:
        self.somebody(kind)
        self.wait(then)

    @rule()
    def every_access_token_ends(self) -> None:
        self.world.cloud.control.expire_access_tokens()

    @rule()
    def the_grant_is_revoked(self) -> None:
        self.world.cloud.control.revoke()

    @rule(kind=ANSWERS, operation=some.sampled_from(["token", "edit"]))
    def atlassian_answers_badly(self, kind: str, operation: str) -> None:
        self.answers(kind, operation, 1)

    @rule(when=some.sampled_from(["dies before", "dies after"]))
    def whoever_refreshes_next_dies(self, when: str) -> None:
        self.answers(when, "token", 1)

    @rule()
    def two_workers_have_one_connection(self) -> None:
        (row,) = self.world.auditor.rows("SELECT id FROM jira_connection")
        self.somebody("edit")
        self.wait(5.0)
        for _ in range(2):
            self.world.workers.enqueue(SYNC_CONNECTION, row["id"])

    @rule(seconds=some.sampled_from([-30.0, 5.0, 30.0]))
    def our_clock_jumps(self, seconds: float) -> None:
        self.world.clock.ahead = seconds
        self.world.ticker.look_soon()


def settings_for(examples: int, **more: Any) -> settings:
    """The same examples in each run; of a failing one the blob that repeats it is printed."""
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        print_blob=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )
