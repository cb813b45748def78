"""A storm: organizations commit and edit while Jira misbehaves and processes die.

Sizes come from the environment; `make chaos` makes it large. CHAOS_SEED repeats a run's dice,
CHAOS_PATIENCE stretches every delay and deadline, for a machine that has more to do.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.models import ActionItem, IssueLink, LinkState, Outcome, Phase, Retrospective, SyncAttempt
from app.services.retrospectives import phases
from tests.chaos import organizations
from tests.chaos.breaking import Postgresql, empty_redis, kill_with_requests_in_flight
from tests.support.connected import Acme
from tests.support.installation import Installation

ORGANIZATIONS = int(os.environ.get("CHAOS_ORGANIZATIONS", "4"))
ITEMS = int(os.environ.get("CHAOS_ITEMS", "15"))
KILLS = int(os.environ.get("CHAOS_KILLS", "3"))
WORKERS = int(os.environ.get("CHAOS_WORKERS", "2"))
PATIENCE = float(os.environ.get("CHAOS_PATIENCE", "1"))
SEED = int(os.environ.get("CHAOS_SEED") or random.randrange(10**6))
# How long the whole storm may last, in seconds.
SECONDS = (90 + ORGANIZATIONS * ITEMS * 0.25 + KILLS * 5) * PATIENCE

LAG, GAP = 2.0 * PATIENCE, 2.0 * PATIENCE
# A search forgets an issue for less time than there is between two probes, as design.md §3 expects.
QUICK = {
    "SYNC_LEASE": str(5 * PATIENCE),
    "JIRA_TIMEOUT": str(1.5 * PATIENCE),
    "SYNC_PROBE_DELAYS": f"{3 * PATIENCE},{3 * PATIENCE}",
    "SYNC_RETRY_DELAYS": "0.5,1,2",
    "SYNC_EDIT_DELAYS": "0.5,2",
    "WORKERS": str(WORKERS),
}
WEATHER = [
    ("latency", "*", {"min_ms": 50, "max_ms": 300}),
    ("error", "*", {"probability": 0.05}),
    ("drop_after", "create*", {"probability": 0.05}),
    ("rate_limit", "*", {"probability": 0.03, "retry_after": 1}),
]
SETTLED = (LinkState.SYNCED, LinkState.ERROR)


@dataclass
class Storm:
    """What is going on, and what was broken so far."""

    running: Installation
    acme: Acme
    database: Postgresql | None
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    began: float = field(default_factory=time.monotonic)
    killed: list[list[str]] = field(default_factory=list)
    broken: Counter[str] = field(default_factory=Counter)

    def arrange(self) -> list[Retrospective]:
        """Every retrospective in Discuss, in the order in which they will be committed."""
        retros = [
            each
            for number in range(ORGANIZATIONS)
            for each in organizations.found_one(self.acme, number, ITEMS)
        ]
        self.dice.shuffle(retros)
        return retros

    def break_out(self) -> None:
        """Let Jira misbehave. Its own limits are off: all share a site and would wait an hour."""
        control = self.acme.jira.control
        control.seed(SEED)
        control.set(limits=False, search_lag=LAG, search_gap=GAP)
        for kind, operations, rule in WEATHER:
            control.fault(kind, operations, **rule)

    def rage(self, retros: list[Retrospective]) -> None:
        """Commit them all, and meanwhile edit, kill and break, until everything went out once."""
        waiting, mishaps = list(retros), self._mishaps()
        while waiting or len(self.killed) < KILLS or self.moving():
            self.check_time("the storm")
            progress = 1 - len(waiting) / len(retros)
            time.sleep(self.dice.uniform(0.05, 0.5) * PATIENCE)
            if waiting and self._survived(lambda: _commit(waiting[0])):
                waiting.pop(0)
            if len(self.killed) < min(KILLS, progress * KILLS + 1):
                self._kill_one()
            while mishaps and mishaps[0][0] <= progress:
                mishaps.pop(0)[1]()
            if waiting or len(self.killed) < KILLS:
                self._edit_some()

    def settle(self) -> None:
        """Wait until nothing moves any more."""
        while self.moving():
            self.check_time("settling")
            time.sleep(0.5)

    def moving(self) -> int:
        """How many links are in an in-between state."""
        moving = select(func.count()).select_from(IssueLink).where(IssueLink.state.not_in(SETTLED))
        counted = 0

        def count() -> None:
            nonlocal counted
            counted = db.session.scalar(moving) or 0

        return counted if self._survived(count) else 1

    def check_time(self, doing: str) -> None:
        """End the test, and say what it was waiting for, when the time is up."""
        late = time.monotonic() - self.began > SECONDS
        assert not late, f"{doing} was not over after {SECONDS:.0f} s: {self.told()}, {states()}"

    def told(self) -> str:
        """What was injected by us, in words."""
        operations = Counter(each for kill in self.killed for each in kill)
        return (
            f"{len(self.killed)} workers killed with {operations.total()} requests in flight"
            f" ({_listed(operations)}), {_listed(self.broken)}"
        )

    def _mishaps(self) -> list[tuple[float, Callable[[], None]]]:
        """What happens when such a share of the retrospectives is committed."""
        deny = self.acme.jira.control.deny
        planned = [
            (0.25, "Redis emptied", lambda: empty_redis(self.running)),
            (0.5, "all access tokens expired", self.acme.jira.control.expire_access_tokens),
            (0.7, "Redis emptied", lambda: empty_redis(self.running)),
            # Until the storm is over: so there is something to press Retry for.
            (0.8, "permission to create lost", lambda: deny("CREATE_ISSUES", "MOB")),
        ]
        if self.database is not None:
            planned.insert(2, (0.55, "PostgreSQL restarted", self.database.crash))
        return [(share, self._counted(name, act)) for share, name, act in planned]

    def _counted(self, name: str, act: Callable[[], object]) -> Callable[[], None]:
        def mishap() -> None:
            act()
            self.broken[name] += 1

        return mishap

    def _kill_one(self) -> None:
        names = [f"worker {number}" for number in range(1, WORKERS + 1)]
        for name in self.dice.sample(names, len(names)):
            control = self.acme.jira.control
            if operations := kill_with_requests_in_flight(self.running, control, name):
                self.killed.append(operations)
                return

    def _edit_some(self) -> None:
        """Three people, each with a request of their own."""
        committed: list[int] = []
        some = select(ActionItem.id).join(IssueLink)
        self._survived(lambda: committed.extend(db.session.scalars(some)))
        for number in self.dice.sample(committed, min(3, len(committed))):
            self.broken["edits"] += self._survived(lambda: self._edit(number))  # noqa: B023

    def _edit(self, number: int) -> None:
        organizations.edit(db.session.get_one(ActionItem, number), self.dice)

    def _survived(self, act: Callable[[], object]) -> bool:
        """Do it and commit; False when the database was away, as a person would have noticed."""
        try:
            act()
            db.session.commit()
        except DBAPIError:
            db.session.rollback()
            self.broken["our own requests failed for the database"] += 1
            return False
        return True


def states() -> dict[str, int]:
    """How many links are in which state."""
    db.session.rollback()
    counted = Counter(str(link.state) for link in db.session.scalars(select(IssueLink)))
    db.session.rollback()
    return dict(counted)


def outcomes() -> str:
    """How the tries ended, as the sync log has them."""
    counted: Counter[str] = Counter()
    for outcome in db.session.scalars(select(SyncAttempt.outcome)):
        counted[Outcome(outcome).value] += 1
    return _listed(counted)


def _commit(retrospective: Retrospective) -> None:
    db.session.refresh(retrospective)
    if retrospective.phase is Phase.DISCUSS:
        phases.move_phase(retrospective, shown=Phase.DISCUSS, to=Phase.COMMIT)


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))
