"""Whether Jira tells us when an issue changes: what the settings page says of the webhook."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
PATIENCE = timedelta(minutes=1)


class HealthState(StrEnum):
    OFF = "off"
    WAITING = "waiting"
    REGISTERING = "registering"
    NOT_REGISTERED = "not-registered"
    SILENT = "silent"  # a test has shown that nothing arrives
    UNTESTED = "untested"  # the newest test could not even be sent
    QUIET = "quiet"
    ARRIVING = "arriving"


class Progress(StrEnum):
    """How far a *Send test* has come."""

    WATCHING = "watching"
    ARRIVED = "arrived"
    MISSING = "missing"
    FAILED = "failed"


@dataclass(frozen=True)
class SentTest:
    """A *Send test* as the page shows it. `seconds`: from sending it to Jira's report."""

    progress: Progress
    requested_at: datetime
    issue_key: str
    seconds: float | None
    error: str | None


@dataclass(frozen=True)
class Deliveries:
    """When the last delivery came (aware UTC), how many in the last 24 hours, and the longest that
    one's token lived, in seconds; 0 if none has come."""

    last_at: datetime | None
    in_a_day: int
    token_life: int = 0


@dataclass(frozen=True)
class Looks:
    """The last finished reconciliation, whether one runs, and when the next is due."""

    finished_at: datetime | None
    caught: int
    running: bool
    next_at: datetime | None

    def due(self, now: datetime) -> bool:
        """Whether one runs, or should begin."""
        return self.running or (self.next_at is not None and self.next_at <= now)


@dataclass(frozen=True)
class Health:
    """All that the page says of the webhook. Times are aware UTC.

    held_by: what it waits for, in state WAITING
    changing: a registration or removal is under way
    error, next_try_at: why Jira refused the last registration, and when it is tried again
    address: where Jira delivers
    """

    state: HealthState
    held_by: str
    paused_until: datetime | None
    changing: bool
    expires_at: datetime | None
    error: str | None
    next_try_at: datetime | None
    deliveries: Deliveries
    looks: Looks
    test: SentTest | None
    advice: Sequence[str]
    offers_test: bool
    address: str = ""
    poll_seconds: int | None = None

    @property
    def token(self) -> str:
        """The same as long as the page says the same: a poll that brings it gets a 204."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Facts:
    """What the state is decided from."""

    wanted: bool
    held_by: str
    due: bool
    registered_at: datetime | None
    expires_at: datetime | None
    error: str | None
    last_delivery_at: datetime | None
    test: SentTest | None


def state_of(facts: Facts, now: datetime) -> HealthState:
    """Which state the webhook is in. Pure; `now` is aware UTC."""
    if not facts.wanted:
        return HealthState.OFF
    if facts.held_by:
        return HealthState.WAITING
    if facts.registered_at is None or facts.expires_at is None:
        registering = facts.due and not facts.error
        return HealthState.REGISTERING if registering else HealthState.NOT_REGISTERED
    if facts.expires_at <= now:
        return HealthState.NOT_REGISTERED
    last, test = facts.last_delivery_at, facts.test
    if test and test.progress in _BY_TEST and not is_overtaken(test, last):
        return _BY_TEST[test.progress]
    if last is not None and last >= min(facts.registered_at, now - DAY):
        return HealthState.ARRIVING
    return HealthState.QUIET


def is_overtaken(test: SentTest, last_delivery_at: datetime | None) -> bool:
    """Whether Jira has reported something since the test was sent: then that is the news."""
    return last_delivery_at is not None and last_delivery_at >= test.requested_at


def poll_seconds(health: Health, troubled_since: datetime | None, now: datetime) -> int | None:
    """How often the page asks again; None when nothing is about to change by itself. Pure.

    troubled_since: when what is changing was due (aware UTC); after a minute it is asked less.
    """
    if health.test is not None and health.test.progress is Progress.WATCHING:
        return 1
    if health.state is HealthState.WAITING:
        return None
    if not (health.changing or health.error or health.looks.due(now)):
        return None
    waiting_long = troubled_since is not None and now - troubled_since > PATIENCE
    return 5 if health.error or waiting_long else 1


def news(health: Health, awaited: str) -> str:
    """What is said aloud once the `test` or `registration` that was waited for is over. Pure."""
    test = health.test
    if awaited == "test" and test is not None and test.progress is not Progress.WATCHING:
        return _RESULTS[test.progress]
    if awaited != "registration" or health.changing:
        return ""
    if health.error:
        return health.error
    return "Webhooks are off" if health.state is HealthState.OFF else "Webhook registered"


# What a test that went wrong says of the webhook.
_BY_TEST = {Progress.MISSING: HealthState.SILENT, Progress.FAILED: HealthState.UNTESTED}
_RESULTS = {
    Progress.ARRIVED: "The test arrived",
    Progress.MISSING: "The test has not arrived within 60 seconds",
    Progress.FAILED: "The test could not be sent",
}
