"""Whether the installation keeps what it promises of 28 days, and whether it is using it up."""

from collections.abc import Iterator

from app.clock import utcnow
from app.models import Level
from app.operations.doctor.finding import Finding, amber, green
from app.operations.levels import level_counts
from app.operations.levels.level_words import percentage
from app.operations.levels.promises import PROMISES, Counted, goes_fast, is_kept

SUBJECT = "service levels"
REMEDIES = {
    Level.COMMITS: "look whether jobs queue up and whether Jira answers; `flask jira explain` says"
    " what held one of them",
    Level.DELIVERIES: "look at the database and at the load of the web server's machine; what was"
    " not taken is found by the hourly reconciliation",
    Level.EDITS: "look whether jobs queue up and whether Jira answers or asks to wait; the Sync Log"
    " says of each edit why it was late",
}


def service_levels() -> Iterator[Finding]:
    counts = level_counts.of_installation(utcnow(), {}, budget=None)
    for level, found in counts.items():
        yield _finding(level, found)


def _finding(level: Level, found: Counted) -> Finding:
    promise, name = PROMISES[level], PROMISES[level].name
    if not found.is_enough:
        return green(SUBJECT, f"{name}: too few to say ({found.counted} in 28 days)")
    says = (
        f"{name}: {percentage(found.share)} in 28 days, {found.missed} of {found.counted} missed;"
        f" promised: {percentage(promise.target)}"
    )
    if goes_fast(promise, found):
        hour = f"{found.missed_in_hour} of them in the last hour, a quarter of what may be missed"
        return amber(SUBJECT, f"{says}; {hour}", REMEDIES[level])
    if not is_kept(promise, found):
        return amber(SUBJECT, says, REMEDIES[level])
    return green(SUBJECT, says)
