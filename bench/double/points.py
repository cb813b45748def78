"""Atlassian's points: so many for a window, and a 429 once they are spent."""

import time
from dataclasses import dataclass

from bench.double.wire import Answered, Asked


@dataclass
class Points:
    """given: in each window of so many seconds; 0: nobody counts. spent: by window."""

    given: int = 0
    seconds: int = 60

    def __post_init__(self) -> None:
        self.spent: dict[int, int] = {}
        self.refused = 0

    def refusal(self, asked: Asked) -> Answered | None:
        """A 429 for what comes after the last point; else it is counted."""
        if not self.given:
            return None
        window = int(time.time()) // self.seconds
        if self.spent.get(window, 0) >= self.given:
            self.refused += 1
            left = self.seconds - time.time() % self.seconds
            reason = {"RateLimit-Reason": "jira-quota-global-based"}
            return Answered(429, {}, headers={"Retry-After": f"{left:.0f}", **reason})
        self.spent[window] = self.spent.get(window, 0) + 1 + _objects(asked)
        return None


def _objects(asked: Asked) -> int:
    body = asked.body if isinstance(asked.body, dict) else {}
    return (
        max((len(body.get(name, ())) for name in ("issueUpdates", "issueIdsOrKeys")), default=0)
        or 1
    )
