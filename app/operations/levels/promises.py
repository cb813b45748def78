"""What each service level promises, when it is kept, and when it is being used up. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from app.models import Level

WINDOW = timedelta(days=28)
HOUR = timedelta(hours=1)
# Below that many, a share says more of chance than of us.
FEWEST = 20
# So much of what the window allows to be missed may go in an hour, and so many at the least, before
# somebody is warned: a single miss is no trend.
HOURLY_PART, FEWEST_MISSED = 0.25, 2


@dataclass(frozen=True)
class Promise:
    """One level. within: seconds. target: the share that is to be kept. says: what is counted, and
    when it is kept, as pages and docs have it."""

    name: str
    within: float
    target: float
    says: str


PROMISES: dict[Level, Promise] = {
    Level.COMMITS: Promise(
        "Commits whose keys were all there within 10 s",
        10.0,
        0.99,
        "A retrospective that enters Commit for the first time, while Jira is connected: kept if"
        " each of its action items had its issue’s key 10 seconds later; of those that were carried"
        " over to it, each that had no issue before. Counted whatever the cause, also where Jira"
        " refused or did not answer. Action items that were deleted or dropped within these seconds"
        " are left out.",
    ),
    Level.DELIVERIES: Promise(
        "Webhook deliveries answered within 1 s",
        1.0,
        0.999,
        "What Jira’s webhooks deliver: kept if the web server answered it with 2xx, which is to say"
        " that it was stored, within a second.",
    ),
    Level.EDITS: Promise(
        "Edits that were in Jira within 60 s",
        60.0,
        0.99,
        "What was changed here in an action item that has an issue: kept if the issue had it 60"
        " seconds later, of which up to 30 are spent waiting for further edits. Counted once it is"
        " in Jira or given up, whatever the cause.",
    ),
}


@dataclass(frozen=True)
class Counted:
    """What was counted in the window, how much of it was missed, and how much in the last hour.

    cut: there was more, and these are the latest."""

    counted: int = 0
    missed: int = 0
    missed_in_hour: int = 0
    cut: bool = False

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.counted + other.counted,
            self.missed + other.missed,
            self.missed_in_hour + other.missed_in_hour,
        )

    @property
    def is_enough(self) -> bool:
        """Whether there is anything to say."""
        return self.counted >= FEWEST

    @property
    def share(self) -> float:
        """How much was kept, from 0 to 1; 1 of nothing."""
        return 1 - self.missed / self.counted if self.counted else 1.0


def is_kept(promise: Promise, found: Counted) -> bool:
    """Whether as much was kept as is promised."""
    return found.share >= promise.target


def goes_fast(promise: Promise, found: Counted) -> bool:
    """Whether a quarter of what 28 days allow to be missed went within the last hour."""
    allowed = found.counted * (1 - promise.target)
    return (
        found.is_enough
        and found.missed_in_hour >= FEWEST_MISSED
        and found.missed_in_hour > HOURLY_PART * allowed
    )
