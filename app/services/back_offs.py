"""How long to wait before trying again, and how much is tried at once: all the numbers of it.

The three retries of a push and the two probes of an unknown create are settings (`config.py`,
SYNC_RETRY_DELAYS and SYNC_PROBE_DELAYS), because an operator may change them.
"""

from dataclasses import dataclass
from datetime import timedelta

from app.jira.errors import JiraError

# Requests that one drain has with Jira at the same time.
IN_FLIGHT = 8
# Of a push, after the first try; as many as SYNC_RETRY_DELAYS has numbers.
RETRIES = 3


@dataclass(frozen=True)
class Growing:
    """`first` after one failure, `factor` times as long after each further one, to `longest`."""

    first: timedelta
    factor: int
    longest: timedelta

    def after(self, failures: int) -> timedelta:
        """The wait after so many failures, at least one."""
        wait = self.first
        for _ in range(failures - 1):
            if wait >= self.longest:
                break
            wait *= self.factor
        return min(wait, self.longest)


@dataclass(frozen=True)
class Listed:
    """One wait after another, and then the same for ever."""

    waits: tuple[timedelta, ...]
    then: timedelta

    def after(self, failures: int) -> timedelta:
        """The wait after so many failures, at least one."""
        return self.waits[failures - 1] if failures <= len(self.waits) else self.then


@dataclass(frozen=True)
class AsLongAsItLasts:
    """As long again as the trouble has lasted, within bounds."""

    shortest: timedelta
    longest: timedelta

    def after(self, lasted: timedelta) -> timedelta:
        """The wait once the trouble has lasted so long."""
        return min(max(lasted, self.shortest), self.longest)


METADATA = Growing(timedelta(seconds=10), 3, timedelta(minutes=5))
# Work that ended with an error that nobody expected.
UNEXPECTED = Growing(timedelta(seconds=10), 3, timedelta(minutes=15))
MAIL = Growing(timedelta(minutes=1), 2, timedelta(days=1))
# What is of a day or a week is soon too late.
CALENDAR_MAIL = Growing(timedelta(minutes=1), 2, timedelta(hours=1))
# After a day of hourly tries, once a day.
WEBHOOK_UPKEEP = Listed(
    (
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        *[timedelta(hours=1)] * 24,
    ),
    timedelta(days=1),
)
# Of a look whether a connection may work again, after it stopped or Jira last did not answer.
LOOK = Listed(
    (
        timedelta(minutes=1),
        timedelta(minutes=2),
        timedelta(minutes=5),
        timedelta(minutes=10),
    ),
    timedelta(minutes=15),
)
# Issues that could not be read at all, and one of a delivery that Jira left out just now.
READING_BACK = AsLongAsItLasts(timedelta(seconds=5), timedelta(minutes=5))
DELIVERED_ISSUE = AsLongAsItLasts(timedelta(seconds=10), timedelta(minutes=10))
# A second look that got no answer.
SECOND_LOOK = timedelta(minutes=15)


def asked_wait(error: JiraError) -> timedelta:
    """`Retry-After`, the least that Atlassian wants us to wait; nothing if it does not say."""
    return timedelta(seconds=getattr(error, "retry_after", None) or 0.0)
